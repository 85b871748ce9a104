/** A piece of a line. `own` are kubedrill's words; everything else may come from outside and is escaped on output. */
export type Piece = {kind: 'own' | 'text' | 'code' | 'strong'; text: string} | {kind: 'break'};

/** One line of a page, in pieces. */
export type Line = readonly Piece[];

/** A part of a page. What it looks like is the renderer's business. */
export type Block =
  | {kind: 'heading'; level: 2 | 3; title: Line}
  | {kind: 'paragraph' | 'notice'; line: Line}
  | {kind: 'list'; items: readonly Line[]}
  | {kind: 'table'; head: readonly string[]; rows: readonly (readonly Line[])[]}
  | {kind: 'preformatted'; language: 'text' | 'mermaid'; text: string}
  /** The chart: beside the page in Markdown, inside it in HTML. */
  | {kind: 'chart'; description: string};

/** A whole report, before it is Markdown or HTML. */
export interface Page {
  /** The verdict sentence. */
  title: string;
  blocks: readonly Block[];
}

/** Names, commands, hashes: what somebody may copy. */
export const code = (text: string): Piece => ({kind: 'code', text});

/** What must not be overlooked. */
export const strong = (text: string): Piece => ({kind: 'strong', text});

/**
 * A line as a template: its own words stay as they are written here, every string put into it is text from outside, and
 * pieces and lines are taken as they come.
 */
export function line(words: readonly string[], ...values: readonly (string | number | Piece | Line)[]): Line {
  return words.flatMap((own, index) => {
    const value = values[index];
    const pieces: Piece[] = own === '' ? [] : [{kind: 'own', text: own}];
    if (value === undefined) return pieces;
    if (typeof value === 'string' || typeof value === 'number') {
      return [...pieces, {kind: 'text' as const, text: String(value)}];
    }
    return [...pieces, ...('kind' in value ? [value] : value)];
  });
}

/** Text from outside as a line of its own. */
export const outside = (text: string): Line => [{kind: 'text', text}];

/** kubedrill's own words as a line. */
export const own = (text: string): Line => [{kind: 'own', text}];

/** kubedrill's own words in which `` `…` `` stands for what may be copied. */
export const ownWords = (text: string): Line =>
  text.split('`').map((part, index): Piece => (index % 2 === 1 ? code(part) : {kind: 'own', text: part}));

/** Lines one after the other, parted by kubedrill's own words. */
export function joined(lines: readonly Line[], separator: string): Line {
  return lines.flatMap((one, index) => (index === 0 ? one : [{kind: 'own' as const, text: separator}, ...one]));
}

/** Lines below each other in one cell. */
export const stacked = (lines: readonly Line[]): Line =>
  lines.flatMap((one, index): Line => (index === 0 ? one : [{kind: 'break'}, ...one]));

/** A heading with what stands below it; nothing when that is nothing. */
export function section(title: string, ...blocks: readonly Block[]): Block[] {
  return blocks.length === 0 ? [] : [{kind: 'heading', level: 2, title: own(title)}, ...blocks];
}

/** A table, or nothing when it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly Line[])[]): Block[] {
  return rows.length === 0 ? [] : [{kind: 'table', head, rows}];
}

/** A list, or nothing when it is empty. */
export const list = (items: readonly Line[]): Block[] => (items.length === 0 ? [] : [{kind: 'list', items}]);
