import {harmless} from '../../io/text.ts';
import type {Block, Line, Page, Piece} from '../page/content.ts';
import {code, table, text} from './escape.ts';

/** A page as Markdown that reads well as such: tables are aligned where they are not too wide. Ends with a line feed. */
export function renderMarkdown({title, blocks}: Page): string {
  return `${[`# ${text(title)}`, ...blocks.map(block)].join('\n\n')}\n`;
}

function block(one: Block): string {
  switch (one.kind) {
    case 'heading':
      return `${'#'.repeat(one.level)} ${line(one.title)}`;
    case 'paragraph':
      return line(one.line);
    case 'notice':
      return `> **Notice:** ${line(one.line)}`;
    case 'list':
      return one.items.map((item) => `- ${line(item)}`).join('\n');
    case 'table':
      return table(
        one.head,
        one.rows.map((row) => row.map(line)),
      ).join('\n');
    case 'preformatted':
      return fenced(one.text, one.language);
    case 'chart':
      return `![${one.description}](chart.svg)`;
  }
}

/** Whatever stands in it, it ends only where we end it. */
function fenced(content: string, language: string): string {
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${content.split('\n').map(harmless).join('\n')}\n${fence}`;
}

const line = (pieces: Line): string => pieces.map(piece).join('');

function piece(one: Piece): string {
  switch (one.kind) {
    case 'own':
      return one.text;
    case 'text':
      return text(one.text);
    case 'code':
      return code(one.text);
    case 'strong':
      return `**${text(one.text)}**`;
    case 'break':
      return '<br>';
  }
}
