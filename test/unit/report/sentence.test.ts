import {expect, test} from 'vitest';
import {buildModel, verdict} from '../../../src/report/index.ts';
import {verdictSentence} from '../../../src/report/sentence.ts';
import type {ReportModel} from '../../../src/report/types.ts';
import {started} from '../../support/runs.ts';

/** A run that ended before the cluster was asked who it is. */
const endedAtOnce = (practice: {practice?: true}): ReportModel => {
  const first = started('kill-coredns', 'Every CoreDNS pod dies at once');
  const entry = {...first, ...practice, v: 1, seq: 0, at: '2026-11-20T21:40:07.000Z', mono: 1000};
  const stop = {type: 'signal', name: 'SIGINT'} as const;
  return buildModel([entry, {...stop, v: 1, seq: 1, at: '2026-11-20T21:40:08.000Z', mono: 2000}], new Map());
};

test('a run on the practice cluster says so even when it ended before it was identified', () => {
  const practice = endedAtOnce({practice: true});
  expect(verdictSentence(practice, verdict(practice))).toBe('ABORTED (practice run) — It was ended by SIGINT.');
  const real = endedAtOnce({});
  expect(verdictSentence(real, verdict(real))).toBe('ABORTED — It was ended by SIGINT.');
});
