import {expect, test} from 'vitest';
import {buildModel, renderMarkdown, reportPage, verdict} from '../../../../src/report/index.ts';
import {verdictRows} from '../../../../src/report/verdict/index.ts';
import {always, judge, kill} from '../../../support/judged.ts';
import {killCoredns} from '../../../support/runs.ts';

test('every row that leaves a run inconclusive says what to do', () => {
  const rows = verdictRows.filter((row) => row.verdict === 'inconclusive');
  expect(rows.filter(({next}) => next === undefined)).toEqual([]);
  expect(new Set(rows.map(({next}) => next)).size).toBe(rows.length);
});

test('only that of its reasons, and page one has it', () => {
  const run = killCoredns({
    plan: {checks: [{...always, states: {before: 'skip', broken: 'pass', after: 'pass'}}]},
    answers: {broken: 'pass'},
  });
  const judged = judge(run);
  expect(judged.advice).toEqual([expect.stringContaining('Give the check a control')]);
  const model = buildModel(run.entries, run.series);
  const page = renderMarkdown(reportPage(model, judged));
  expect(page).toContain(
    'What to do:\n\n- Give the check a control, or ask it when it must answer otherwise (`states.broken`).',
  );
  expect(page).not.toMatch(/see why below, and run it again/);
});

test('a pass needs none', () => {
  expect(kill({}).advice).toBeUndefined();
  const {entries, series} = killCoredns({});
  expect(verdict(buildModel(entries, series))).not.toHaveProperty('advice');
});
