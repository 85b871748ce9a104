import {describe, expect, test} from 'vitest';
import type {Sample, SampleState} from '../../../src/io/sample.ts';
import {rto} from '../../../src/measure/rto.ts';
import {assessSeries, assessService} from '../../../src/measure/service.ts';
import type {AlignedSeries} from '../../../src/measure/types.ts';

const states: Record<string, SampleState> = {'+': 'ok', '-': 'bad', '?': 'blind'};

/** One sample of 10 ms per character every 100 ms: `+` ok, `-` bad, `?` blind, space: skipped. */
function strip(text: string, from = 0): Sample[] {
  return [...text].flatMap((mark, seq) => {
    const state = states[mark];
    const start = from + seq * 100;
    return state ? [{seq, start, end: start + 10, state}] : [];
  });
}

const aligned = (name: string, samples: Sample[], every = 100): AlignedSeries => ({
  name,
  every,
  samples,
  align: {shift: {min: 0, max: 0}, error: 0},
});

const assess = (text: string, {stableFor = 300, from = 0, until = text.length * 100, okRatio = 1} = {}) =>
  assessSeries(strip(text), {every: 100, stableFor, from, until, okRatio});

describe('one series', () => {
  test('an outage is bounded by the samples around it', () => {
    const {outages, recovered} = assess('++++----++++++');
    expect(outages).toEqual([
      {
        began: {earliest: 300, latest: 410},
        ended: {earliest: 700, latest: 810},
        firstBad: {series: 'series', start: 400, end: 410},
        lastBad: {series: 'series', start: 700, end: 710},
        series: ['series'],
        bad: 4,
        openStart: false,
      },
    ]);
    expect(recovered).toEqual({at: {earliest: 700, latest: 810}, provenAt: 1110, outage: 0});
  });

  test('the stability window is not added: the recovery is the first good sample of the run', () => {
    for (const stableFor of [100, 300, 500]) {
      expect(assess('++--+++++++', {stableFor}).recovered?.at).toEqual({earliest: 300, latest: 410});
    }
  });

  test('fails at sample 3, recovers at 10, fails at 12: two outages, stable after the second', () => {
    const assessment = assess('+++-------++--+++++++');
    expect(assessment.outages).toHaveLength(2);
    expect(assessment.flaps).toBe(1);
    expect(assessment.relapses).toBe(0);
    expect(assessment.recovered?.at).toEqual({earliest: 1300, latest: 1410});
    expect(rto(assessment, 'impact', {})).toEqual({lower: 1300 - 310, upper: 1410 - 200});
  });

  test('deleted at 100, first answer at 110, stable from 120: counted once, from the fault to the stable run', () => {
    // A service that answers once and falls over again has not recovered at its first answer.
    const samples = strip('++-+-++++++');
    const assessment = assessSeries(samples, {every: 100, stableFor: 300, from: 150, until: 1100});
    const fault = {earliest: 150, latest: 150};
    expect(rto(assessment, 'fault', {fault})).toEqual({lower: 400 - 150, upper: 510 - 150});
  });

  test('good once, then never again: unrecovered, at least as long as it was watched', () => {
    const assessment = assess('+++-+-------');
    expect(assessment.recovered).toBeUndefined();
    expect(assessment.state).toBe('down');
    expect(rto(assessment, 'impact', {})).toEqual({atLeast: 1100 - 310});
  });

  test('back, but not for long enough yet: up and good since, and not recovered', () => {
    const assessment = assess('+++---+++');
    expect(assessment.recovered).toBeUndefined();
    expect(assessment.state).toBe('up');
    expect(assessment.goodSince).toBe(610);
    expect(assessment.goodFor).toBe(210);
  });

  test('bad again after the recovery is a relapse and leaves the recovery as it was', () => {
    const assessment = assess('++--+++++--+++++');
    expect(assessment.recovered?.at).toEqual({earliest: 300, latest: 410});
    expect(assessment.relapses).toBe(1);
    expect(assessment.flaps).toBe(0);
  });

  test('no outage: none, and the longest one that could have gone unseen', () => {
    const assessment = assess('++++ +++++');
    expect(rto(assessment, 'impact', {})).toBe('none');
    expect(assessment.longestGap).toBe(210);
    expect(assessment.counts).toEqual({ok: 9, bad: 0, blind: 0, taken: 9, expected: 10, overrun: 1});
  });

  test('an outage that was seen does not count as one that went unseen', () => {
    expect(assess('+++-----++++').longestGap).toBe(110);
  });

  test('a jump of the wall clock changes nothing: only the monotonic clock is in a sample', () => {
    const samples = strip('++--+++++');
    const moved = samples.map((sample) => ({...sample, start: sample.start + 5, end: sample.end + 5}));
    const window = {every: 100, stableFor: 300, from: 0, until: 1000};
    expect(rto(assessSeries(moved, window), 'impact', {})).toEqual(rto(assessSeries(samples, window), 'impact', {}));
  });
});

describe('blindness', () => {
  test('is neither up nor down: it widens the outage on both sides', () => {
    const {outages} = assess('++??--??++++++');
    expect(outages[0]?.began).toEqual({earliest: 100, latest: 410});
    expect(outages[0]?.ended).toEqual({earliest: 500, latest: 810});
    expect(outages).toHaveLength(1);
  });

  test('alone makes no outage, and counts as possibly unavailable', () => {
    const {outages, unavailable, blindMs, longestGap, state} = assess('++???++++');
    expect(outages).toEqual([]);
    expect(unavailable).toEqual({min: 0, max: 410});
    expect(blindMs).toBe(390);
    expect(longestGap).toBe(410);
    expect(state).toBe('up');
  });

  test('breaks the run of good samples', () => {
    expect(assess('+--++?++++++', {stableFor: 300}).recovered?.at).toEqual({earliest: 200, latest: 610});
  });

  test('so does a silence: a log that ended is blind, not up', () => {
    const samples = strip('+++++');
    const window = {every: 100, stableFor: 300, from: 0};
    expect(assessSeries(samples, {...window, until: 600}).state).toBe('up');
    const ended = assessSeries(samples, {...window, until: 5000});
    expect(ended.state).toBe('blind');
    expect(ended.blindMs).toBe(4590);
    expect(ended.longestGap).toBe(4600);
  });

  test('a log that ended while bad is blind as well: nobody knows whether it is still down', () => {
    const samples = strip('+++--');
    const window = {every: 100, stableFor: 300, from: 0};
    expect(assessSeries(samples, {...window, until: 600}).state).toBe('down');
    expect(assessSeries(samples, {...window, until: 5000}).state).toBe('blind');
  });

  test('a silence between good samples may have hidden an outage', () => {
    const samples = [...strip('+++'), ...strip('+++', 3000)];
    const {unavailable, blindMs} = assessSeries(samples, {every: 100, stableFor: 0, from: 0, until: 3300});
    expect(unavailable).toEqual({min: 0, max: 3010 - 200});
    expect(blindMs).toBe(3000 - 210);
  });

  test('a stall in the middle of the stable run starts the run anew', () => {
    const samples = [...strip('+--++'), ...strip('++++++', 3500).map((sample) => ({...sample, seq: sample.seq + 35}))];
    const assessment = assessSeries(samples, {every: 100, stableFor: 300, from: 0, until: 4100});
    expect(assessment.recovered?.at).toEqual({earliest: 200, latest: 3510});
    expect(assessment.counts.overrun).toBe(30);
  });

  test('no samples at all are unknown', () => {
    expect(assess('').state).toBe('unknown');
    expect(assessService([], {okRatio: 1, stableFor: 0}, {from: 0, until: 10}).state).toBe('unknown');
    const assessment = assessSeries([], {every: 100, stableFor: 300, from: 0, until: 5000});
    expect(assessment.counts).toMatchObject({taken: 0, expected: 50});
    expect(assessment.unavailable).toEqual({min: 0, max: 5000});
    expect(assessment.longestGap).toBe(5000);
  });
});

describe('the window', () => {
  test('an outage that was over before the fault is none of the drill', () => {
    const assessment = assess('+--+++++--++++++', {from: 600});
    expect(assessment.outages).toHaveLength(1);
    expect(assessment.outages[0]?.firstBad.start).toBe(800);
    expect(assessment.recovered).toMatchObject({outage: 0, at: {earliest: 900, latest: 1010}});
  });

  test('one that was not over before is kept', () => {
    expect(assess('+++----+++++', {from: 500}).outages[0]?.firstBad.start).toBe(300);
  });

  test('samples that end after it are left out', () => {
    expect(assess('+++++---', {until: 505}).outages).toEqual([]);
    expect(assess('+++++---', {until: 510}).outages).toHaveLength(1);
  });

  test('bad from the first sample on: it began when watching began, at the latest', () => {
    expect(assess('---+++++').outages[0]).toMatchObject({openStart: true, began: {earliest: 0, latest: 10}});
  });
});

describe('a service of several series', () => {
  const rule = {okRatio: 1, stableFor: 300};

  test('is down when one is, and back when all are', () => {
    const series = [aligned('a', strip('++++--+++++++++')), aligned('b', strip('+++++----++++++', 3))];
    const {outages, recovered, state} = assessService(series, rule, {from: 0, until: 1500});
    expect(outages).toHaveLength(1);
    expect(outages[0]).toMatchObject({series: ['a', 'b'], began: {earliest: 203, latest: 410}});
    expect(recovered?.at.earliest).toBe(803);
    expect(recovered?.at.latest).toBe(1010);
    expect(state).toBe('up');
  });

  test('blind when one is blind and none is bad; down when one is bad', () => {
    const window = {from: 0, until: 500};
    expect(assessService([aligned('a', strip('+++++')), aligned('b', strip('++++?'))], rule, window).state).toBe(
      'blind',
    );
    expect(assessService([aligned('a', strip('++++-')), aligned('b', strip('++++?'))], rule, window).state).toBe(
      'down',
    );
    expect(assessService([aligned('a', strip('+++++')), aligned('b', [])], rule, window).state).toBe('unknown');
    expect(assessService([aligned('a', strip('++++-')), aligned('b', [])], rule, window).state).toBe('down');
  });

  test('a probe that never says anything keeps the service from recovering', () => {
    const series = [aligned('a', strip('+++--+++++++++')), aligned('b', strip('??????????????'))];
    const assessment = assessService(series, rule, {from: 0, until: 1400});
    expect(assessment.outages[0]?.ended).toBeUndefined();
    expect(assessment.state).toBe('blind');
  });

  test('the application is unaffected by the API server being away: they are different services', () => {
    const [app, api] = [aligned('app', strip('++++++++++')), aligned('api', strip('++------++'))];
    const window = {from: 0, until: 1000};
    expect(assessService([app], rule, window).outages).toEqual([]);
    expect(assessService([api], rule, window).outages).toHaveLength(1);
  });

  test('overlapping outages are not counted twice', () => {
    const series = [aligned('a', strip('++----++++')), aligned('b', strip('+++----+++'))];
    const {unavailable, outages} = assessService(series, rule, {from: 0, until: 1000});
    expect(outages).toHaveLength(1);
    // As much as the outage may have lasted: one report never gives two ceilings for one outage.
    expect([outages[0]?.began.earliest, outages[0]?.ended?.latest]).toEqual([0, 810]);
    expect(unavailable).toEqual({min: 390, max: 810});
  });
});

describe('okRatio', () => {
  // One of ten endpoints is dead all the time.
  const tenth = '+++++++++-'.repeat(6);

  test('forgives the share that it allows, and no more', () => {
    expect(assess(tenth, {okRatio: 0.9, stableFor: 1000}).outages).toEqual([]);
    expect(assess(tenth, {okRatio: 0.9, stableFor: 1000}).state).toBe('up');
    expect(assess(tenth, {okRatio: 0.95, stableFor: 1000}).outages.length).toBeGreaterThan(0);
    expect(assess(tenth, {okRatio: 1, stableFor: 1000}).outages).toHaveLength(6);
  });

  test('does not forgive what may have been down since somebody last looked', () => {
    // Nine bad samples of twenty; with the four that were skipped before them it may have been thirteen.
    const text = (skipped: string) => `${'+'.repeat(30)}${skipped}${'-'.repeat(9)}${'+'.repeat(40)}`;
    const rule = {okRatio: 0.5, stableFor: 2000};
    expect(assess(text('    '), rule).outages).toMatchObject([{began: {earliest: 2900}, firstBad: {start: 3400}}]);
    expect(assess(text('++++'), rule).outages).toEqual([]);
  });

  test('a real outage is seen from its first bad sample to its last', () => {
    const text = `${tenth}${'-'.repeat(20)}${tenth}`;
    const {outages, recovered} = assess(text, {okRatio: 0.8, stableFor: 1000});
    expect(outages).toHaveLength(1);
    expect(outages[0]?.firstBad.start).toBe(5900);
    expect(recovered?.at).toEqual({earliest: 7900, latest: 8010});
  });
});

describe('rto', () => {
  const assessment = assess('++++----++++++');

  test('counts from what the author chose', () => {
    const exactly = (at: number) => ({earliest: at, latest: at});
    expect(rto(assessment, 'impact', {})).toEqual({lower: 290, upper: 510});
    expect(rto(assessment, 'fault', {fault: {earliest: 340, latest: 360}})).toEqual({lower: 340, upper: 470});
    expect(rto(assessment, 'declared', {declared: exactly(750)})).toEqual({lower: 0, upper: 60});
    expect(rto(assessment, 'recovery', {recovery: exactly(600)})).toEqual({lower: 100, upper: 210});
  });

  test('is n/a, never negative, when its instant is missing or came after the recovery', () => {
    expect(rto(assessment, 'declared', {})).toBe('n/a');
    expect(rto(assessment, 'declared', {declared: {earliest: 900, latest: 900}})).toBe('n/a');
  });

  test('not recovered: at least from the latest start to the start of the last bad sample', () => {
    const down = {...assess('++++------'), clockError: 20};
    expect(rto(down, 'impact', {})).toEqual({atLeast: 490});
    expect(rto(down, 'fault', {fault: {earliest: 340, latest: 360}})).toEqual({atLeast: 900 - 20 - 360});
  });

  test('the error of the clock widens what compares two clocks, and nothing else', () => {
    const skewed = {...assessment, clockError: 20};
    expect(rto(skewed, 'impact', {})).toEqual({lower: 290, upper: 510});
    expect(rto(skewed, 'fault', {fault: {earliest: 350, latest: 350}})).toEqual({lower: 330, upper: 480});
  });
});
