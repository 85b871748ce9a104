import {styleText} from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
/** Paints text, or returns it as it is where colours are off. */
export type Paint = (style: Style, text: string) => string;

/** `--color`. */
export type ColorChoice = 'auto' | 'always' | 'never';

/**
 * Whether to colour: `--color` beats NO_COLOR beats FORCE_COLOR beats "a TTY that is not dumb".
 * The variables count only when they are not empty (no-color.org). Node itself lets FORCE_COLOR win over NO_COLOR,
 * which is why the choice is made here.
 */
export function wantsColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTTY && env.TERM !== 'dumb';
}

/** A painter that does or does not colour. */
export const painter = (color: boolean): Paint =>
  color ? (style, text) => styleText(style, text, {validateStream: false}) : (_style, text) => text;

/**
 * Makes text from outside harmless on a terminal: control characters, among them the escape that starts cursor and
 * title sequences, and the marks that reverse the writing direction become visible. Line feeds stay.
 */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) =>
    character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** {@link harmless} on one line. */
export const oneLine = (text: string): string => harmless(text.replace(/\s*\n\s*/g, ' ').trim());

/** Columns padded to their widest cell and parted by two spaces; the last is not padded. Widths ignore colours. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visibleWidth(cell));
    });
  }
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visibleWidth(cell)));
      return `${indent}${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character starts a colour
const visibleWidth = (text: string): number => text.replace(/\u001b\[\d+m/g, '').length;

/** `1 file`, `2 files`. */
export const count = (figure: number, noun: string, plural = `${noun}s`): string =>
  `${figure} ${figure === 1 ? noun : plural}`;

/** Quotes a word for a POSIX shell where it needs it. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
