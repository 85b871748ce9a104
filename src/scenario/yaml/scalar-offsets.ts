import type {Scalar} from 'yaml';
import {rangeOf} from './source.ts';

/**
 * The offset in the file of each character of a scalar's value, and of its end: quotes, escapes, folded line breaks
 * and the indentation of block scalars stand in the file and not in the value.
 */
export function scalarOffsets(text: string, scalar: Scalar<string>): number[] {
  const [start, end] = rangeOf(scalar);
  switch (scalar.type) {
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return blockOffsets(text, [text.indexOf('\n', start) + 1, end], scalar.value);
    case 'QUOTE_DOUBLE':
    case 'QUOTE_SINGLE':
      return flowOffsets(text, [start + 1, end - 1], scalar.type === 'QUOTE_DOUBLE' ? '\\' : "'");
    default:
      return flowOffsets(text, [start, end], '');
  }
}

const fold = /[ \t]*\r?\n[ \t\r\n]*/;
const continuation = /\\\r?\n[ \t\r\n]*/;

/** Plain and quoted scalars; `mark` is the character that begins an escape, empty for none. */
function flowOffsets(text: string, [start, end]: readonly [number, number], mark: string): number[] {
  const offsets: number[] = [];
  let at = start;
  const emit = (units: number, length: number): void => {
    for (let unit = 0; unit < units; unit++) offsets.push(at);
    at += length;
  };
  while (at < end) {
    const continued = mark === '\\' ? matchAt(continuation, text, at) : undefined;
    // Of the line breaks at a fold the first is a blank when it is alone, and nothing when there are more.
    const folded = continued ?? matchAt(fold, text, at);
    if (folded !== undefined) {
      const breaks = folded.split('\n').length - 1;
      emit(breaks > 1 ? breaks - 1 : continued === undefined ? 1 : 0, folded.length);
    } else if (mark === "'" && text.startsWith("''", at)) emit(1, 2);
    else if (mark === '\\' && text[at] === '\\') escaped(text, at, emit);
    else emit(1, 1);
  }
  return [...offsets, end];
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  const sticky = new RegExp(pattern, 'y');
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0];
}

function escaped(text: string, at: number, emit: (units: number, length: number) => void): void {
  const digits = {x: 2, u: 4, U: 8}[text[at + 1] ?? ''] ?? 0;
  // Eight digits can stand for a character of two units.
  const wide = digits === 8 && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff;
  emit(wide ? 2 : 1, 2 + digits);
}

/** Block scalars: blanks at which file and value differ are indentation or folded line breaks. */
function blockOffsets(text: string, [start, end]: readonly [number, number], value: string): number[] {
  const offsets: number[] = [];
  let at = start;
  for (const character of value.split('')) {
    if (!isBlank(character) && text[at] !== character) at = afterBlanks(text, at);
    offsets.push(Math.min(at, end));
    if (isBlank(character) && text[at] !== character) at = afterBlanks(text, at);
    else at += 1;
  }
  return [...offsets, Math.min(at, end)];
}

const isBlank = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);

function afterBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text[at])) at++;
  return at;
}
