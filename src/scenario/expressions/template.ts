/** A `${{ }}` in a text. */
export interface Hole {
  /** The CEL expression, without the blanks around it. */
  source: string;
  /** Offset of `source` in the text. */
  at: number;
  /** Offsets of the whole `${{ … }}`. */
  start: number;
  end: number;
}

/** The `${{ }}` of a text, and the offset of one that is never closed. */
export interface Template {
  holes: Hole[];
  unclosed?: number;
}

/** Finds the `${{ }}` of a text. Braces in strings and in maps of the expression do not end it. */
export function parseTemplate(text: string): Template {
  const holes: Hole[] = [];
  for (let start = text.indexOf('${{'); start !== -1; ) {
    const close = closing(text, start + 3);
    if (close === -1) return {holes, unclosed: start};
    const inner = text.slice(start + 3, close);
    const source = inner.trim();
    holes.push({source, at: start + 3 + inner.indexOf(source), start, end: close + 2});
    start = text.indexOf('${{', close + 2);
  }
  return {holes};
}

/** Whether the text is one `${{ }}` and nothing else, so that it keeps its type. */
export const isWhole = (text: string, holes: readonly Hole[]): boolean =>
  holes.length === 1 && holes[0]?.start === 0 && holes[0].end === text.length;

function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"' || character === "'") {
      at = stringEnd(text, at);
    } else if (character === '{') depth++;
    else if (character === '}') {
      if (depth === 0) return text[at + 1] === '}' ? at : -1;
      depth--;
    }
  }
  return -1;
}

/** Offset of the closing quote of the string that begins at `start`, or the text's length. */
function stringEnd(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}
