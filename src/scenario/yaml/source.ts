import {isAlias, isMap, isScalar, isSeq, type Node, type Range} from 'yaml';
import {type Diagnostic, type Path, pathText} from '../diagnostics.ts';

/** The text of one file, and where its lines begin. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  #starts: number[] | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** Line and column, both from 1, of an offset. */
  place(offset: number): {line: number; column: number} {
    this.#starts ??= lineStarts(this.text);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return {line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1};
  }

  /** The diagnostic for the text from `start` to `end`, with at most three of its lines. */
  diagnostic(
    [start, end]: readonly [number, number],
    problem: {code: string; message: string; hint?: string | undefined; path?: Path},
  ): Diagnostic {
    const from = this.place(start);
    const to = this.place(Math.max(start, end));
    const lines = this.#lines(from.line, Math.min(to.line, from.line + 2));
    return {
      file: this.file,
      ...from,
      endLine: to.line,
      endColumn: to.column,
      code: problem.code,
      message: problem.message,
      ...(problem.hint === undefined ? {} : {hint: problem.hint}),
      path: pathText(problem.path ?? []),
      ...(lines.length === 0 ? {} : {lines}),
    };
  }

  #lines(first: number, last: number): string[] {
    this.#starts ??= lineStarts(this.text);
    const lines: string[] = [];
    for (let line = first; line <= last; line++) {
      const start = this.#starts[line - 1];
      if (start === undefined) break;
      const end = this.#starts[line] ?? this.text.length + 1;
      lines.push(this.text.slice(start, end - 1).replace(/\r$/, ''));
    }
    while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop();
    return lines;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Offsets of the value at a path, of its key when `key` is set, or of the nearest parent that is written down. */
export function rangeAt(root: Node | null, path: Path, {key = false} = {}): [number, number] {
  let node: Node | null = root;
  let range = rangeOf(root);
  for (const [index, part] of path.entries()) {
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part));
      if (!pair) return range;
      const keyRange = rangeOf(pair.key as Node);
      node = pair.value as Node | null;
      const empty = !node || (isScalar(node) && node.range?.[0] === node.range?.[1]);
      range = (last && key) || empty ? keyRange : rangeOf(node);
    } else if (isSeq(node)) {
      node = (node.items[Number(part)] as Node | undefined) ?? null;
      if (!node) return range;
      range = rangeOf(node);
    } else return range;
    // What an alias stands for is written elsewhere: its problem is shown where it is used.
    if (isAlias(node)) return range;
  }
  return collectionHead(node, range);
}

/** The node at a path, undefined where an alias or nothing stands. */
export function nodeAt(root: Node | null, path: Path): Node | undefined {
  let node: unknown = root;
  for (const part of path) {
    if (isMap(node)) node = node.items.find((item) => isScalar(item.key) && String(item.key.value) === part)?.value;
    else if (isSeq(node)) node = node.items[Number(part)];
    else return undefined;
  }
  return (node as Node | null) ?? undefined;
}

/** Offsets of what a node says, without the blanks after it. */
export const rangeOf = (node: Node | null): [number, number] => {
  const range = node?.range as Range | null | undefined;
  return range ? [range[0], range[1]] : [0, 0];
};

/** A block collection is shown by its first key or entry, not by all of its lines. */
function collectionHead(node: Node | null, range: [number, number]): [number, number] {
  if (isMap(node) && !node.flow) {
    const first = node.items[0]?.key;
    if (isScalar(first)) return rangeOf(first);
  }
  if (isSeq(node) && !node.flow && node.items[0]) return rangeAt(node.items[0] as Node, []);
  return range;
}
