import type {Verdict} from '../../journal/types.ts';
import type {Block, Line, Page, Piece} from '../page/content.ts';
import {entities, escapeXml, legal} from '../xml.ts';
import {pageStyle} from './style.ts';

/**
 * A page as one HTML file: nothing is loaded from anywhere, and nothing runs. Light or dark as the reader prefers.
 * @param chart the chart as SVG, which stands in its place
 */
export function renderHtml({title, blocks}: Page, {verdict, chart}: {verdict: Verdict; chart?: string}): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Whatever a cluster smuggles in: no script, no request.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    `<h1 class="${verdict}">${escapeXml(title)}</h1>`,
    ...blocks.flatMap((one) => block(one, chart)),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function block(one: Block, chart: string | undefined): string[] {
  switch (one.kind) {
    case 'heading':
      return [`<h${one.level}>${line(one.title)}</h${one.level}>`];
    case 'paragraph':
      return [`<p>${line(one.line)}</p>`];
    case 'notice':
      return [`<p class="notice"><strong>Notice:</strong> ${line(one.line)}</p>`];
    case 'list':
      return ['<ul>', ...one.items.map((item) => `<li>${line(item)}</li>`), '</ul>'];
    case 'table':
      return table(one.head, one.rows);
    case 'preformatted':
      // The diagram is Markdown's: here the chart shows the same.
      return one.language === 'mermaid' ? [] : [`<pre>${entities(legal(one.text))}</pre>`];
    case 'chart':
      return chart === undefined ? [] : [chart.trimEnd()];
  }
}

function table(head: readonly string[], rows: readonly (readonly Line[])[]): string[] {
  const titled = head.some((name) => name !== '');
  const cells = (row: readonly Line[]) =>
    row.map((cell, column) =>
      column === 0 && !titled ? `<th scope="row">${line(cell)}</th>` : `<td>${line(cell)}</td>`,
    );
  return [
    '<div class="scroll"><table>',
    ...(titled
      ? [`<thead><tr>${head.map((name) => `<th scope="col">${escapeXml(name)}</th>`).join('')}</tr></thead>`]
      : []),
    '<tbody>',
    ...rows.map((row) => `<tr>${cells(row).join('')}</tr>`),
    '</tbody>',
    '</table></div>',
  ];
}

const line = (pieces: Line): string => pieces.map(piece).join('');

function piece(one: Piece): string {
  switch (one.kind) {
    case 'break':
      return '<br>';
    case 'code':
      return `<code>${escapeXml(one.text)}</code>`;
    case 'strong':
      return `<strong>${escapeXml(one.text)}</strong>`;
    case 'text':
      return escapeXml(one.text);
    case 'own':
      return entities(one.text);
  }
}
