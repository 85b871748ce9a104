import {expect, test} from 'vitest';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {buildModel, renderMarkdown, reportPage, verdict} from '../../../../src/report/index.ts';
import {altered} from '../../../support/judged.ts';
import {killCoredns, type MadeRun, scaleToZero} from '../../../support/runs.ts';

const page = ({entries, series}: MadeRun): string => {
  const model = buildModel(entries, series);
  return renderMarkdown(reportPage(model, verdict(model)));
};
const check = 'as many pods as were killed, new and ready';
const answered = (at: number, answer: 'pass' | 'fail', moment: 'broken' | 'after'): [number, JournalEvent] => [
  at,
  {type: 'check.answered', check, moment, answer, start: 1000 + at - 9, end: 1000 + at},
];

test('an outage that no recovery ended, and a check that was well again, say so', () => {
  expect(page(killCoredns())).toContain('back; no recovery was played');
  const back = altered(killCoredns(), {add: [answered(12_205, 'pass', 'broken')]});
  expect(page(back)).toContain('well again; no recovery was played');
  expect(page(killCoredns({down: [[12_300, 99_000]]}))).toContain('| not back');
});

test('every series and every check that was held has its row', () => {
  const told = page(scaleToZero());
  expect(told).toMatch(/\| series `shopAnswers` +\| after the effect +\| n\/a +\| sampled after the effect/);
  expect(page(killCoredns())).toMatch(
    /new and ready, held +\| in verify +\| n\/a +\| as declared for 16\.0 s at the end/,
  );
});

test('the table of checks says when one turned again, and for how long', () => {
  const flap = altered(killCoredns(), {add: [answered(20_000, 'fail', 'after'), answered(22_000, 'pass', 'after')]});
  expect(page(flap)).toMatch(
    /pass, as declared; \*\*otherwise again\*\* from 2026-11-20 21:40:26\.991Z on, for up to 2\.1 s/,
  );
});
