import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import {createRandom} from '../../src/io/random.ts';

/** A text made wrong, or at least different, and what was done to it. */
export interface Mutant {
  text: string | Uint8Array;
  /** For a failing test: "spec: remove a key; cut off in the middle". */
  deeds: string[];
}

interface Dice {
  /** An integer in [0, limit). */
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: expressions of scenarios, not of this file
/** Values that stand where another type belongs, at the edges of what is allowed, or beyond. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  '',
  ' ',
  '0s',
  '-5s',
  '1h1h',
  '999999h',
  '100%',
  '101%',
  'x'.repeat(5000),
  '\u202e\u0007\u001b[31m',
  '𝒳',
  '__proto__',
  'constructor',
  '/(a+)+$/',
  '/[/',
  '${{',
  '${{ }}',
  '${{ vars }}',
  '${{ vars.nothing }}',
  '${{ steps.nothing.outputs.x }}',
  '${{ env.HOME }} and ${{ 1 + }}',
  '${{ [1,2,3].map(x, x) }}',
  'status ==',
  'a.b.c.d == 1 && (',
  '1 / 0 == 1',
  'items.all(x, x.all(y, y == x))',
  '2026-13-40',
  [],
  {},
  [[]],
  [null],
  {a: {b: {c: 1}}},
  ['a', 1, {b: null}],
];

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above

/** Pieces of text that YAML gives a meaning of its own. */
const pieces = [
  '&a ',
  '*a',
  '!!binary ',
  '!x ',
  '<<: ',
  '? ',
  '- ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|',
  '>',
  '#',
  '\t',
  '\r\n',
  '%',
  '---\n',
  '...\n',
  '\u0000',
  '\ufeff',
  '\u2028',
  '${{',
  '}}',
  '*missing',
];

/** What can be done to the tree of a document; each answers whether it found something to do it to. */
const deeds: Readonly<Record<string, (tree: Tree, dice: Dice) => boolean>> = {
  'remove a key': ({maps}, dice) => {
    const map = dice.pick(maps);
    return map !== undefined && map.items.splice(dice.below(map.items.length), 1).length > 0;
  },
  'double a key': ({maps}, dice) => {
    const map = dice.pick(maps);
    const item = map && dice.pick(map.items);
    if (map === undefined || item === undefined) return false;
    map.items.push(item);
    return true;
  },
  'misspell a key': ({maps}, dice) => {
    const item = dice.pick(dice.pick(maps)?.items ?? []);
    if (!item || !isScalar(item.key)) return false;
    const key = String(item.key.value);
    const at = dice.below(key.length + 1);
    item.key = new Scalar(`${key.slice(0, at)}${dice.pick(['', 'x', ' ', '__proto__', '.'])}${key.slice(at + 1)}`);
    return true;
  },
  'a key that is no text': ({maps}, dice) => {
    const item = dice.pick(dice.pick(maps)?.items ?? []);
    if (!item) return false;
    item.key = new Scalar(dice.pick([null, 1, true, 1.5]));
    return true;
  },
  'another value': ({pairs}, dice) => {
    const pair = dice.pick(pairs);
    if (!pair) return false;
    pair.value = dice.pick(values);
    return true;
  },
  'another value in a list': ({lists}, dice) => {
    const list = dice.pick(lists);
    if (!list || list.items.length === 0) return false;
    list.items[dice.below(list.items.length)] = dice.pick(values);
    return true;
  },
  'wrap a value in a list': ({pairs}, dice) => {
    const pair = dice.pick(pairs);
    if (!pair) return false;
    pair.value = [pair.value];
    return true;
  },
  'exchange two values': ({pairs}, dice) => {
    const [one, other] = [dice.pick(pairs), dice.pick(pairs)];
    if (!one || !other || one === other || holds(one.value, other) || holds(other.value, one)) return false;
    [one.value, other.value] = [other.value, one.value];
    return true;
  },
  'double an entry': ({lists}, dice) => {
    const list = dice.pick(lists);
    if (!list || list.items.length === 0) return false;
    list.items.push(dice.pick(list.items));
    return true;
  },
  'empty a list': ({lists}, dice) => {
    const list = dice.pick(lists);
    if (!list) return false;
    list.items = [];
    return true;
  },
  'spoil a text': ({scalars}, dice) => {
    const scalar = dice.pick(scalars);
    if (!scalar || typeof scalar.value !== 'string') return false;
    const at = dice.below(scalar.value.length + 1);
    scalar.value = scalar.value.slice(0, at) + dice.pick(pieces) + scalar.value.slice(at + dice.below(3));
    return true;
  },
  'nest deeply': ({pairs}, dice) => {
    const pair = dice.pick(pairs);
    if (!pair) return false;
    let value: unknown = pair.value;
    for (let depth = dice.below(60); depth > 0; depth--) value = dice.below(2) === 0 ? [value] : {deep: value};
    pair.value = value;
    return true;
  },
};

/** What can be done to the text alone. */
const spoils: Readonly<Record<string, (text: string, dice: Dice) => string>> = {
  'cut it off': (text, dice) => text.slice(0, dice.below(text.length)),
  'insert a piece': (text, dice) => {
    const at = dice.below(text.length);
    return text.slice(0, at) + dice.pick(pieces) + text.slice(at);
  },
  'take a piece out': (text, dice) => {
    const at = dice.below(text.length);
    return text.slice(0, at) + text.slice(at + 1 + dice.below(20));
  },
  'shift a line': (text, dice) => {
    const lines = text.split('\n');
    const at = dice.below(lines.length);
    lines[at] = `${' '.repeat(1 + dice.below(5))}${lines[at]}`;
    return lines.join('\n');
  },
  'a tab for blanks': (text) => text.replace(/\n {2,4}/, '\n\t'),
  'windows line ends': (text) => text.replaceAll('\n', '\r\n'),
  'the document twice': (text) => `${text}\n---\n${text}`,
};

interface Tree {
  maps: YAMLMap<unknown, unknown>[];
  lists: YAMLSeq[];
  scalars: Scalar[];
  pairs: Pair<unknown, unknown>[];
}

/** The mutant of a seed: the same one each time. One to three deeds, on the tree, the text, or the bytes. */
export function mutate(text: string, seed: number): Mutant {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random.next() * Math.max(1, limit));
  // Nothing to pick from is nothing picked: the deeds look.
  const dice: Dice = {below, pick: (items) => items[below(items.length)] as (typeof items)[number]};
  const done: string[] = [];
  let spoilt = text;
  const kind = below(10);
  if (kind < 7) {
    const documents = parseAllDocuments(text) as Document[];
    const document = dice.pick(documents);
    for (let count = 1 + below(3); count > 0; count--) {
      const name = dice.pick(Object.keys(deeds));
      if (deeds[name]?.(treeOf(document), dice)) done.push(name);
    }
    spoilt = written(documents) ?? spoilt.replace(/&(\w)/, '& $1');
  }
  if (kind >= 6 && kind < 9) {
    const name = dice.pick(Object.keys(spoils));
    spoilt = spoils[name]?.(spoilt, dice) ?? spoilt;
    done.push(name);
  }
  if (kind < 9) return {text: spoilt, deeds: done};
  const bytes = Buffer.from(spoilt);
  for (let count = 1 + below(4); count > 0; count--) bytes[below(bytes.length)] = below(256);
  return {text: bytes, deeds: ['spoil bytes']};
}

/** Undefined when an anchor went that an alias still needs. */
function written(documents: readonly Document[]): string | undefined {
  try {
    return documents.map((document) => String(document)).join('');
  } catch {
    return undefined;
  }
}

function treeOf(document: Document): Tree {
  const tree: Tree = {maps: [], lists: [], scalars: [], pairs: []};
  visit(document, {
    Map: (_, map) => void tree.maps.push(map as YAMLMap<unknown, unknown>),
    Seq: (_, list) => void tree.lists.push(list),
    Scalar: (key, scalar) => void (key === 'key' || tree.scalars.push(scalar)),
    Pair: (_, pair) => void tree.pairs.push(pair),
  });
  return tree;
}

/** Whether a value has a pair somewhere inside: exchanging the two would make a circle. */
function holds(value: unknown, pair: Pair<unknown, unknown>): boolean {
  if (isMap(value)) return value.items.some((item) => item === pair || holds(item.value, pair));
  return isSeq(value) && value.items.some((item) => holds(item, pair));
}
