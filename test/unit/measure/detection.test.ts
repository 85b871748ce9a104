import {describe, expect, test} from 'vitest';
import {detectionOf, firstDetection} from '../../../src/measure/detection.ts';
import type {AlignedSeries} from '../../../src/measure/types.ts';

/** Samples 100 ms apart that take 20 ms: o ok, x bad, - blind. */
const series = (states: string, error = 0): AlignedSeries => ({
  name: 'alert',
  every: 100,
  samples: [...states].map((state, seq) => ({
    seq,
    start: seq * 100,
    end: seq * 100 + 20,
    state: state === 'o' ? 'ok' : state === 'x' ? 'bad' : 'blind',
  })),
  align: {shift: {min: 0, max: 0}, error},
});
const window = {from: 250, until: 10_000};

describe('one series', () => {
  test('the first good answer after the fault, after a bad one', () => {
    expect(detectionOf(series('xxxxxoo'), window)).toEqual({state: 'detected', at: {earliest: 400, latest: 520}});
  });

  test('not before the fault, which is its cause', () => {
    expect(detectionOf(series('xxxo'), {...window, from: 290})).toEqual({
      state: 'detected',
      at: {earliest: 290, latest: 320},
    });
  });

  test('blind answers widen it', () => {
    expect(detectionOf(series('xxxx---o'), window)).toEqual({state: 'detected', at: {earliest: 300, latest: 720}});
  });

  test('the error of its clock widens it', () => {
    expect(detectionOf(series('xxxxxo', 30), window)).toEqual({state: 'detected', at: {earliest: 370, latest: 550}});
  });

  test('one that was good before the fault shows nothing, even when it turns good again', () => {
    expect(detectionOf(series('oooxxoo'), window)).toEqual({state: 'before'});
  });

  test('good at some time before, bad right before: that counts', () => {
    expect(detectionOf(series('oxxxo'), window).state).toBe('detected');
  });

  test('never, as long as it could say so', () => {
    expect(detectionOf(series('xxxxxxx'), window)).toEqual({state: 'never', until: 600});
    expect(detectionOf(series('xxxxx---'), window)).toEqual({state: 'never', until: 400});
  });

  test.each(['', '---ooo', 'xxx----', '-------'])('nothing can be said of %s', (states) => {
    expect(detectionOf(series(states), window)).toEqual({state: 'unknown'});
  });

  test('what came after the window does not count', () => {
    expect(detectionOf(series('xxxxxo'), {from: 250, until: 500}).state).toBe('never');
  });
});

describe('several series', () => {
  const at = (latest: number) => ({state: 'detected' as const, at: {earliest: 0, latest}});

  test('the first one counts', () => {
    expect(firstDetection([at(9), {state: 'unknown'}, at(5)])).toEqual(at(5));
  });

  test('never only when all of them say so', () => {
    expect(
      firstDetection([
        {state: 'never', until: 8},
        {state: 'never', until: 5},
      ]),
    ).toEqual({state: 'never', until: 5});
    expect(firstDetection([{state: 'never', until: 8}, {state: 'unknown'}])).toEqual({state: 'unknown'});
    expect(firstDetection([])).toEqual({state: 'unknown'});
  });
});
