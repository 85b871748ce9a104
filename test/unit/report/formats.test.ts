import {describe, expect, test} from 'vitest';
import {renderChart} from '../../../src/report/chart/index.ts';
import {renderHtml} from '../../../src/report/html/index.ts';
import {buildModel, reportPage, verdict} from '../../../src/report/index.ts';
import {renderJunit} from '../../../src/report/junit.ts';
import {renderMarkdown} from '../../../src/report/markdown/index.ts';
import {mermaidTimeline} from '../../../src/report/mermaid.ts';
import {poisoned} from '../../support/hostile.ts';
import {elementsOf} from '../../support/markup.ts';
import {killCoredns, type MadeRun, madeRuns, scaleToZero} from '../../support/runs.ts';

const read = ({entries, series}: MadeRun) => {
  const model = buildModel(entries, series);
  return {model, result: verdict(model)};
};

function html(run: MadeRun): string {
  const {model, result} = read(run);
  const chart = renderChart(model);
  return renderHtml(reportPage(model, result), {verdict: result.verdict, ...(chart === undefined ? {} : {chart})});
}
const junit = (run: MadeRun) => {
  const {model, result} = read(run);
  return renderJunit(model, result);
};

describe.each(Object.entries(madeRuns))('%s', (_, make) => {
  test('is well-formed HTML and JUnit', async () => {
    expect(elementsOf(html(make()))).toContain('table');
    expect(elementsOf(await junit(make()))[0]).toBe('testsuites');
  });

  test('says in HTML what it says in Markdown', () => {
    const {model, result} = read(make());
    const page = reportPage(model, result);
    const headings = renderMarkdown(page)
      .split('\n')
      .flatMap((line) => /^## (.*)/.exec(line)?.[1] ?? []);
    expect([...html(make()).matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual(headings);
  });
});

describe('hostile text from the cluster stays text', () => {
  // What an element of the report is made of is the same, whatever the cluster says.
  test.each([
    ['kill-coredns', killCoredns],
    ['scale-to-zero', scaleToZero],
  ])('in the HTML and the SVG of %s', (_, make) => {
    const tags = (run: MadeRun) => elementsOf(html(run)).filter((name) => name !== 'rect');
    expect(new Set(tags(poisoned(make())))).toEqual(new Set(tags(make())));
    expect(html(poisoned(make()))).not.toMatch(/<script|<img|<a /);
    const svg = renderChart(read(poisoned(make())).model) ?? '';
    expect(elementsOf(svg)).toEqual(elementsOf(renderChart(read(make()).model) ?? ''));
  });

  test('in JUnit', async () => {
    expect(elementsOf(await junit(poisoned(killCoredns())))).toEqual(elementsOf(await junit(killCoredns())));
  });

  test('in Markdown', () => {
    const {model, result} = read(poisoned(scaleToZero()));
    const markdown = renderMarkdown(reportPage(model, result));
    const fences = markdown.split('\n').filter((line) => line.startsWith('```'));
    const plain = markdown.replace(/^(`{3,})[\s\S]*?\n\1$/gm, '').replace(/(?<!\\)(`+) ?.*?\1/g, '');
    expect(plain).not.toMatch(/<(?!br>)/);
    expect(plain).not.toContain('[click](');
    for (const character of ['\u001b', '\u0000', '\u202e']) expect(markdown).not.toContain(character);
    expect(plain.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(fences.length % 2).toBe(0);
    // Every row of a table has as many cells as its head.
    const rows = plain
      .split('\n')
      .map((line) => (line.startsWith('|') ? line.replaceAll('\\|', '').split('|').length : 0));
    rows.forEach((cells, index) => {
      if (cells > 0 && (rows[index - 1] ?? 0) > 0) expect(cells).toBe(rows[index - 1]);
    });
  });

  test('in what is drawn with characters', () => {
    const text = 'x\n```\n# PASSED\n````';
    const markdown = renderMarkdown({title: 't', blocks: [{kind: 'preformatted', language: 'text', text}]});
    expect(markdown).toBe(`# t\n\n\`\`\`\`\`text\n${text}\n\`\`\`\`\`\n`);
  });

  test('in Mermaid', () => {
    const {model} = read(poisoned(scaleToZero()));
    const lines = mermaidTimeline(model).split('\n');
    const label = /^ {2}(dateFormat|axisFormat|section|[\p{L}\p{N} ._@/-]+ :)/u;
    expect(lines.slice(1).filter((line) => !label.test(line))).toEqual([]);
  });
});

describe('HTML', () => {
  test('loads nothing, runs nothing, and forbids both', () => {
    const page = html(killCoredns());
    expect(page).toContain(`default-src 'none'`);
    expect(page.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/<link|<script|<img|src=|@import|url\(/);
  });

  test('is light and dark, and has a sheet for paper', () => {
    expect(html(killCoredns())).toContain('@media (prefers-color-scheme:dark)');
    expect(html(killCoredns())).toContain('@media print');
  });

  test('has the chart in it', () => {
    expect(html(killCoredns())).toContain('<svg ');
  });
});

describe('JUnit', () => {
  const cases = (xml: string) =>
    [...xml.matchAll(/<testcase classname="[^".]*\.([^"]*)" name="([^"]*)"[^>]*?(\/>|>[\s\S]*?<\/testcase>)/g)].map(
      ([, group, name, body = '']) => ({
        group,
        name,
        outcome: /<(failure|error|skipped)/.exec(body)?.[1] ?? 'ok',
      }),
    );

  test('has a case for the verdict, every step, check and objective, and the cleanup', async () => {
    expect(cases(await junit(scaleToZero()))).toEqual([
      {group: 'verdict', name: 'passed', outcome: 'ok'},
      {group: 'steps', name: 'inject.0 zero', outcome: 'ok'},
      {group: 'steps', name: 'recover.0 manual', outcome: 'skipped'},
      {group: 'steps', name: 'recover.1 undo', outcome: 'ok'},
      {group: 'checks', name: 'the shop has all its pods (before)', outcome: 'ok'},
      {group: 'checks', name: 'the shop has all its pods (broken)', outcome: 'ok'},
      {group: 'checks', name: 'the shop has all its pods (after)', outcome: 'ok'},
      {group: 'objectives', name: 'rto of shop', outcome: 'ok'},
      {group: 'cleanup', name: 'clean', outcome: 'ok'},
    ]);
  });

  test('tells what failed from what could not be shown, and is never green without a pass', async () => {
    const failed = cases(await junit(killCoredns({answers: {after: 'fail'}})));
    expect(failed).toContainEqual({group: 'verdict', name: 'failed', outcome: 'failure'});
    expect(failed.filter(({group, outcome}) => group === 'checks' && outcome === 'failure')).toHaveLength(1);
    const unproven = cases(await junit(killCoredns({answers: {effect: false}})));
    expect(unproven[0]).toEqual({group: 'verdict', name: 'inconclusive', outcome: 'error'});
    const asked = cases(await junit(killCoredns({answers: {after: 'blind'}})));
    expect(asked.filter(({group, outcome}) => group === 'checks' && outcome === 'error')).toHaveLength(1);
  });

  test('counts what is left in the cluster as an error', async () => {
    const {entries, series} = killCoredns();
    const dirty = {entries: entries.filter(({type}) => type !== 'undo.ended'), series};
    expect(cases(await junit(dirty))).toContainEqual({group: 'cleanup', name: 'dirty', outcome: 'error'});
  });

  test('has times in seconds', async () => {
    expect(await junit(killCoredns())).toMatch(/<testsuite name="kill-coredns" [^>]*time="30.2"/);
  });
});
