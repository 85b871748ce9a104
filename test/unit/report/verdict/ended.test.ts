import {expect, test} from 'vitest';
import {buildModel} from '../../../../src/report/index.ts';
import type {ReportModel} from '../../../../src/report/types.ts';
import {abortedRows} from '../../../../src/report/verdict/ended.ts';
import {killCoredns} from '../../../support/runs.ts';

const {entries, series} = killCoredns({});
const cutOff: ReportModel = {...buildModel(entries, series), complete: false, signals: ['SIGINT', 'SIGINT']};
const aborted = (model: ReportModel) => abortedRows.flatMap(({reasons}) => reasons(model));

test('a run that is left in undo was ended by the signals', () => {
  expect(aborted(cutOff)).toEqual(['It was ended by SIGINT, then SIGINT.']);
});

test('signals in undo change nothing about what had stopped the drill before', () => {
  expect(aborted({...cutOff, stopped: {cause: 'step', detail: 'the recovery failed'}})).toEqual([]);
});
