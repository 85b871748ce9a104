import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type {Json, JsonObject} from '../../io/json.ts';
import type {Diagnostic} from '../diagnostics.ts';
import {readPlain} from './plain.ts';
import {rangeAt, type SourceText} from './source.ts';

/** Levels of nesting that a file may have. */
const maxDepth = 40;
/** Values that all aliases of one document may stand for together: a few dozen KiB of text must not become gigabytes. */
const maxAliasedValues = 10_000;

/** One YAML document with its positions. */
export class YamlDocument {
  readonly source: SourceText;
  /** From 0, counting the documents of the file. */
  readonly index: number;
  readonly value: Json;
  #parsed: Parsed | undefined;

  constructor(source: SourceText, index: number, value: Json, parsed?: Parsed) {
    this.source = source;
    this.index = index;
    this.value = value;
    this.#parsed = parsed;
  }

  /** Offset of the document in the file; comments before it do not belong to it. */
  get start(): number {
    return this.#nodes().range[0];
  }

  /** Text of the document. */
  get text(): string {
    return this.source.text.slice(this.start, this.#nodes().range[2]);
  }

  /** The nodes, which know their places. */
  get root(): Node | null {
    return this.#nodes().contents;
  }

  /** Lets the nodes go: they take a hundred times the memory of the text, and are parsed again when asked for. */
  release(): void {
    this.#parsed = undefined;
  }

  #nodes(): Parsed {
    this.#parsed ??= parse(this.source.text)[this.index];
    if (!this.#parsed) throw new Error(`${this.source.file}: document ${this.index} cannot be found again`);
    return this.#parsed;
  }
}

type Parsed = Extract<ReturnType<typeof parseAllDocuments<ParsedNode>>, unknown[]>[number];

/** Duplicate keys are found in `Reader`: the library's own search takes quadratic time. */
function parse(text: string): Parsed[] {
  const documents = parseAllDocuments<ParsedNode>(text, {
    uniqueKeys: false,
    prettyErrors: false,
    version: '1.2',
    intAsBigInt: true,
  });
  return Array.isArray(documents) ? documents : [];
}

/**
 * The documents of a file as plain data. Syntax errors, duplicate keys, unknown tags, values that JSON cannot hold,
 * nesting beyond {@link maxDepth} and alias bombs go to `report`; their documents are left out.
 */
export function readYaml(source: SourceText, report: (diagnostic: Diagnostic) => void): YamlDocument[] {
  const plain = readPlain(source.text, maxDepth);
  if (plain !== undefined) return [new YamlDocument(source, 0, plain)];
  const deep = tooDeep(source.text);
  if (deep !== undefined) {
    report(source.diagnostic([deep, deep + 1], depthProblem));
    return [];
  }
  const documents: YamlDocument[] = [];
  for (const [index, document] of parse(source.text).entries()) {
    const problems = [...document.errors, ...document.warnings];
    for (const {pos, message} of problems) {
      report(source.diagnostic(pos, {code: 'E_YAML', message: yamlMessage(message)}));
    }
    if (problems.length > 0) continue;
    const value = new Reader(source, document.contents, report).read();
    if (value !== undefined) documents.push(new YamlDocument(source, index, value, document));
  }
  return documents;
}

const depthProblem = {
  code: 'E_TOO_DEEP',
  message: `nested deeper than ${maxDepth} levels`,
  hint: 'No scenario needs that; is a bracket never closed?',
};

const yamlMessage = (message: string): string =>
  `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;

/**
 * Offset of the bracket or dash that is nested too deeply, found before parsing: the parser takes seconds for a
 * megabyte of brackets. The cheap count sees brackets in strings too, so that the lexer has the last word.
 */
function tooDeep(text: string): number | undefined {
  const dashes = /(?:^|\n) *(?:[-?] ){41}/.exec(text);
  if (dashes) return dashes.index + dashes[0].length - 2;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  if (deepest <= maxDepth) return undefined;
  let offset = 0;
  depth = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    if (depth > maxDepth) return offset;
    // The lexer marks documents and scalars by these control characters, which are not in the text.
    if (token !== '\u0002' && token !== '\u0018' && token !== '\u001f') offset += token.length;
  }
  return undefined;
}

/** Turns one document's nodes into JSON. */
class Reader {
  readonly #source: SourceText;
  readonly #root: Node | null;
  readonly #report: (diagnostic: Diagnostic) => void;
  readonly #anchors = new Map<string, Node>();
  /** Where the reader is; one array that grows and shrinks, as a copy for each value would cost more than reading it. */
  readonly #path: (string | number)[] = [];
  #aliased = 0;
  #failed = false;

  constructor(source: SourceText, root: Node | null, report: (diagnostic: Diagnostic) => void) {
    this.#source = source;
    this.#root = root;
    this.#report = report;
  }

  /** The document's value, undefined when something in it was reported. */
  read(): Json | undefined {
    const value = this.#value(this.#root, 0, false);
    return this.#failed ? undefined : value;
  }

  #value(node: Node | null, depth: number, aliased: boolean): Json {
    if (depth > maxDepth) return this.#failed ? null : this.#fail(node, depthProblem);
    if (aliased && ++this.#aliased > maxAliasedValues) {
      if (this.#aliased > maxAliasedValues + 1) return null;
      const message = `the aliases stand for more than ${maxAliasedValues} values`;
      return this.#fail(node, {code: 'E_ALIASES', message, hint: 'Write the values out.'});
    }
    if (isScalar(node)) {
      if (!aliased && node.anchor) this.#anchors.set(node.anchor, node);
      return this.#scalar(node.value, node);
    }
    if (isMap(node) || isSeq(node)) {
      if (!aliased && node.anchor) this.#anchors.set(node.anchor, node);
      return isSeq(node) ? this.#list(node, depth, aliased) : this.#map(node, depth, aliased);
    }
    if (!isAlias(node)) return null;
    const target = this.#anchors.get(node.source);
    if (target) return this.#value(target, depth + 1, true);
    return this.#fail(node, {code: 'E_ALIASES', message: `no anchor &${node.source} before this alias`});
  }

  #list(node: YAMLSeq, depth: number, aliased: boolean): Json[] {
    return node.items.map((item, index) => {
      this.#path.push(index);
      const value = this.#value(item as Node | null, depth + 1, aliased);
      this.#path.pop();
      return value;
    });
  }

  #map(node: YAMLMap, depth: number, aliased: boolean): JsonObject {
    const value: JsonObject = {};
    for (const {key, value: member} of node.items) {
      if (!isScalar(key) || key.value === null) {
        this.#fail(key as Node | null, {code: 'E_KEY', message: 'a key must be text'});
        continue;
      }
      const name = String(key.value);
      if (name === '__proto__') {
        this.#fail(key, {code: 'E_KEY', message: 'no key can have this name'});
        continue;
      }
      if (Object.hasOwn(value, name)) {
        const message = `the key "${name}" stands here twice`;
        this.#fail(key, {code: 'E_DUPLICATE_KEY', message, hint: 'Remove one of them.'});
        continue;
      }
      this.#path.push(name);
      value[name] = this.#value(member as Node | null, depth + 1, aliased);
      this.#path.pop();
    }
    return value;
  }

  #scalar(value: unknown, node: Node): Json {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      return this.#fail(node, {code: 'E_NUMBER', message: 'JSON has no such number'});
    }
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      return value;
    }
    return this.#fail(node, {code: 'E_YAML', message: 'only text, numbers, true, false and null can stand here'});
  }

  #fail(node: Node | null, problem: {code: string; message: string; hint?: string}): null {
    this.#failed = true;
    this.#report(this.#source.diagnostic(rangeAt(node ?? this.#root, []), {...problem, path: [...this.#path]}));
    return null;
  }
}
