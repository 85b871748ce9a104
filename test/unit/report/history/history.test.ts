import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {EarlierRun} from '../../../../src/journal/types.ts';
import {dueClasses, dueOf} from '../../../../src/report/history/cadence.ts';
import {medianOf, trendOf} from '../../../../src/report/history/trend.ts';
import {
  buildModel,
  faultsOf,
  historyOf,
  readFindings,
  readHistory,
  readPast,
  renderSummary,
} from '../../../../src/report/index.ts';
import {storeReport} from '../../../support/report-folder.ts';
import {killCoredns, refusedRun} from '../../../support/runs.ts';

const earlier = (...figures: (number | undefined)[]): EarlierRun[] =>
  figures.map((max, index) => ({
    run: `r${index}`,
    at: '2026-11-20T00:00:00.000Z',
    verdict: 'passed',
    cleanup: 'clean',
    rto: {min: 0, ...(max === undefined ? {} : {max})},
  }));

describe('the trend', () => {
  test.each([
    [[], undefined],
    [[3], 3],
    [[3, 1], 2],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('median of %o', (figures, median) => expect(medianOf(figures)).toBe(median));

  test('is against the median of the last five that have a figure', () => {
    expect(trendOf(1250, earlier(9000, 1000, undefined, 1000, 1000, 1000, 1000))).toEqual({
      runs: 5,
      median: 1000,
      change: 0.25,
      regression: false,
    });
    expect(trendOf(1251, earlier(1000, 1000, 1000))).toMatchObject({regression: true});
    expect(trendOf(800, earlier(1000, 1000, 1000))?.change).toBeCloseTo(-0.2);
  });

  test('calls nothing a regression by fewer than three, and compares nothing with nothing', () => {
    expect(trendOf(9000, earlier(1000, 1000))).toMatchObject({runs: 2, regression: false});
    expect(trendOf(9000, [])).toBeUndefined();
    expect(trendOf(undefined, earlier(1000))).toBeUndefined();
  });
});

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'kubedrill-history-'));
});
afterEach(() => rm(reports, {recursive: true}));

const day = (name: string) => `2026-${name}T12:00:00.000Z`;
const failing = () =>
  killCoredns({plan: {objectives: [{metric: 'rto', target: 500, of: 'dns', from: 'impact', source: 'policy'}]}});

describe('cadence', () => {
  test('practice and ephemeral runs count for no real cluster', () => {
    expect(dueClasses(['practice', 'ephemeral', 'staging', 'production'])).toEqual(['staging', 'production']);
    expect(dueClasses(['practice', 'ephemeral'])).toEqual(['ephemeral']);
    expect(dueClasses(['practice'])).toEqual([]);
  });

  test('is kept class by class, by runs that proved something', async () => {
    await storeReport(reports, killCoredns(), {at: day('01-10'), environment: 'staging'});
    await storeReport(reports, failing(), {at: day('02-10'), environment: 'staging'});
    await storeReport(reports, refusedRun(), {at: day('03-10'), environment: 'staging'});
    await storeReport(reports, killCoredns(), {at: day('03-11'), environment: 'ephemeral'});
    const {runs} = await readHistory(reports);
    const scenario = {cadence: 'monthly', environments: ['ephemeral', 'staging', 'production']};
    const at = (now: string) =>
      dueOf(scenario, runs, new Date(day(now))).map(({environment, state, due}) => [environment, state, due]);
    expect(at('03-12')).toEqual([
      ['staging', 'in time', '2026-03-13'],
      ['production', 'never run', undefined],
    ]);
    expect(at('03-14')[0]).toEqual(['staging', 'overdue', '2026-03-13']);
    expect(dueOf({environments: ['staging']}, runs, new Date())).toEqual([]);
  });
});

const finding = {
  id: 'F-1',
  title: 'alert is too late',
  owner: 'platform',
  due: '2026-02-01',
  status: 'open',
  run: '2026-01-10T120000Z-kill-coredns-7f3a',
};
const keep = (...findings: object[]) =>
  writeFile(
    join(reports, 'findings.yaml'),
    JSON.stringify({apiVersion: 'kubedrill.dev/v1', kind: 'Findings', findings}),
  );

describe('findings', () => {
  test('are none without a file', async () => expect(await readFindings(reports)).toEqual([]));

  test('are read as people write them', async () => {
    await writeFile(
      join(reports, 'findings.yaml'),
      `apiVersion: kubedrill.dev/v1
kind: Findings
findings:
  - {id: F-1, title: alert is too late, owner: platform, due: 2026-02-01, status: open, run: 2026-01-10T120000Z-kill-coredns-7f3a}
`,
    );
    expect(await readFindings(reports)).toEqual([finding]);
  });

  test.each([
    ['a status that is none', [{...finding, status: 'maybe'}], /findings\.0\.status/],
    ['a date that is none', [{...finding, due: 'soon'}], /findings\.0\.due: expected a day/],
    ['a member that is none', [{...finding, severity: 1}], /findings\.0: Unrecognized key/],
    ['an id twice', [finding, finding], /F-1 stands there twice/],
  ])('with %s are refused', async (_, findings, message) => {
    await keep(...findings);
    await expect(readFindings(reports)).rejects.toMatchObject({
      code: 'E_FINDINGS',
      message: expect.stringMatching(message),
    });
  });

  test('of the scenario that are open go into the next report', async () => {
    await keep(
      finding,
      {...finding, id: 'F-2', status: 'done'},
      {...finding, id: 'F-3', status: 'in-progress'},
      {...finding, id: 'F-4', run: '2026-01-10T120000Z-another-7f3a'},
    );
    const past = await readPast(reports, {run: 'none', scenario: 'kill-coredns'});
    expect(past.findings.map(({id}) => id)).toEqual(['F-1', 'F-3']);
    const id = await storeReport(reports, killCoredns(), {at: day('03-01'), past});
    const summary = await renderSummary(join(reports, id));
    expect(summary).toContain('`F-1` alert is too late (platform, due 2026-02-01;');
    expect(summary).toContain('**Yes**: 2 open from earlier runs');
  });
});

describe('history', () => {
  const slow = (ms: number) => killCoredns({down: [[12_300, 12_300 + ms]], plan: {stableFor: 3000}});

  test('compares each run with those before it on clusters of its class', async () => {
    for (const [index, at] of ['01-01', '01-02', '01-03', '01-04'].entries()) {
      await storeReport(reports, slow(2000 + index), {at: day(at), environment: 'staging'});
    }
    await storeReport(reports, slow(9000), {at: day('01-05'), environment: 'practice'});
    await storeReport(reports, slow(4000), {at: day('01-06'), environment: 'staging'});
    const {runs} = await readHistory(reports);
    const [history] = historyOf(runs, [], [], new Date(day('01-07')));
    const trends = history?.runs.map(({trend}) => trend?.regression);
    expect(trends).toEqual([undefined, false, false, false, undefined, true]);
    const past = await readPast(reports, {
      run: 'none',
      scenario: 'kill-coredns',
      cluster: {uid: 'x', environment: 'staging'},
    });
    expect(past.earlier).toHaveLength(5);
    expect(past.earlier.at(-1)?.rto?.max).toBeGreaterThan(4000);
  });

  test('names what one may want to stop at', async () => {
    await storeReport(reports, failing(), {at: day('01-10'), cadence: 'weekly'});
    await keep(finding);
    const {runs} = await readHistory(reports);
    const known = [
      {name: 'kill-coredns', title: 't', owner: 'o', cadence: 'weekly', environments: ['staging']},
      {name: 'never', title: 't', owner: 'o', environments: ['staging']},
    ];
    const now = new Date(day('03-01'));
    const all = historyOf(runs, known, await readFindings(reports), now);
    expect(all.flatMap((one) => faultsOf(one, now)).map(({fault}) => fault)).toEqual([
      'not-passed',
      'overdue',
      'finding',
      'never-run',
    ]);
  });

  test('names runs without a report that can be read', async () => {
    const id = await storeReport(reports, killCoredns(), {at: day('01-10')});
    await rm(join(reports, id, 'report.json'));
    expect(await readHistory(reports)).toEqual({
      runs: [],
      unreadable: [{run: id, message: expect.stringContaining('report.json is missing')}],
    });
  });

  test('has nothing to say of a folder that is not there', async () => {
    expect(await readHistory(join(reports, 'none'))).toEqual({runs: [], unreadable: []});
  });
});

test('a report without the past has none', () => {
  const {entries, series} = killCoredns();
  expect(buildModel(entries, series)).toMatchObject({earlier: [], findings: []});
  expect(buildModel(entries, series).trend).toBeUndefined();
});
