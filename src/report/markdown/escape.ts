import {oneLine} from '../../io/text.ts';

/** Zero-width marks: invisible on a page, so that two names could look the same. */
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u2028\u2029\u2060\ufeff]/g;

/** On one line, without control characters, direction marks or invisible ones. */
function tame(text: string): string {
  return oneLine(text).replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What would be markup, HTML, a mention, a reference or a link. Inside a word neither `_` nor `@` is one (`probe@node`). */
const markup =
  /[\\`*[\]{}~&<>]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|#(?=\w)|(?<!\w)@(?=\w)|@(?=[\w-]+\.)|:(?=\/\/)|(?<=\bwww)\./gi;

/**
 * Text from outside as plain Markdown text, on one line: nothing in it is markup, HTML, a link, a mention
 * or a reference.
 */
export function text(outside: string): string {
  return tame(outside).replace(markup, (character) =>
    /[&<>@#:.]/.test(character) ? `&#${character.charCodeAt(0)};` : `\\${character}`,
  );
}

/** Text from outside as code: names, commands, hashes. Copied from the page it is the original. */
export function code(outside: string): string {
  const tamed = tame(outside);
  if (tamed === '') return '';
  const longest = Math.max(0, ...(tamed.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${tamed}${pad}${fence}`;
}

/** Widest cell that a column is padded to: beyond it aligning costs more than it gives. */
const widestPadded = 60;

/**
 * A table in lines; cells are Markdown already. Columns are padded, so that it can be read as it is.
 * Pipes are escaped here, in code as well: a table is split into cells before anything else in it is read.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => {
    const lengths = cells.map((row) => row[column]?.length ?? 0).filter((length) => length <= widestPadded);
    return Math.max(3, ...lengths);
  });
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  return [lines[0] ?? '', `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)];
}
