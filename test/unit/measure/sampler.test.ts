import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Sample} from '../../../src/io/sample.ts';
import {startSampler} from '../../../src/measure/sampler.ts';
import {createFakeClock} from '../../support/fake-clock.ts';

const ok = {state: 'ok'} as const;

/** One series whose n-th attempt takes `takes(n)` milliseconds. */
function sampled(every: number, takes: (attempt: number) => number) {
  const clock = createFakeClock();
  const samples: (Sample & {skipped: number})[] = [];
  let attempt = 0;
  const sample = async () => {
    const ms = takes(attempt++);
    if (ms > 0) await clock.sleep(ms);
    return ok;
  };
  const sampler = startSampler({
    series: [{name: 'one', every, sample}],
    clock,
    onSample: (_, taken, skipped) => samples.push({...taken, skipped}),
  });
  const finish = async () => {
    const stopping = sampler.stop();
    await clock.advance(1000);
    await stopping;
  };
  return {clock, samples, sampler, finish};
}

describe('startSampler', () => {
  it('samples at absolute instants, however long each attempt takes', async () => {
    const {clock, samples, finish} = sampled(100, (attempt) => (attempt * 37) % 90);
    await clock.advance(10_000);
    await finish();
    expect(samples.slice(0, 100).map(({start}) => start)).toEqual(samples.slice(0, 100).map(({seq}) => seq * 100));
    expect(samples.map(({seq}) => seq).slice(0, 100)).toEqual([...Array(100).keys()]);
  });

  it('keeps start and end of each sample, and its detail', async () => {
    const clock = createFakeClock();
    const samples: Sample[] = [];
    const sample = async () => {
      await clock.sleep(30);
      return {state: 'bad', detail: 'NXDOMAIN'} as const;
    };
    const sampler = startSampler({
      series: [{name: 'one', every: 100, sample}],
      clock,
      onSample: (_, one) => samples.push(one),
    });
    await clock.advance(130);
    expect(samples).toEqual([
      {seq: 0, start: 0, end: 30, state: 'bad', detail: 'NXDOMAIN'},
      {seq: 1, start: 100, end: 130, state: 'bad', detail: 'NXDOMAIN'},
    ]);
    await sampler.stop();
  });

  it('has one attempt under way at most, and counts the instants it skips', async () => {
    const {clock, samples, sampler, finish} = sampled(100, () => 270);
    await clock.advance(3000);
    await finish();
    // 270 ms after an instant the next one that can be met is 30 ms ahead.
    expect(samples.slice(0, 3).map(({seq, start, skipped}) => ({seq, start, skipped}))).toEqual([
      {seq: 0, start: 0, skipped: 0},
      {seq: 3, start: 300, skipped: 2},
      {seq: 6, start: 600, skipped: 2},
    ]);
    const {taken, skipped} = sampler.count('one');
    expect(taken + skipped).toBe((samples.at(-1)?.seq ?? 0) + 1);
  });

  it('holds the rate when every attempt uses up its whole interval', async () => {
    const {clock, samples, finish} = sampled(100, () => 101);
    await clock.advance(10_000);
    await finish();
    expect(samples.length).toBeGreaterThanOrEqual(97);
  });

  it('shows a stall as a gap, not as a bunch', async () => {
    const {clock, samples, finish} = sampled(100, () => 5);
    await clock.advance(1000);
    clock.stall(3020);
    await clock.advance(1000);
    await finish();
    const starts = samples.map(({start}) => start);
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(50);
    expect(gaps.filter((gap) => gap > 150)).toHaveLength(1);
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(3000);
  });

  it('starts the series staggered', async () => {
    const clock = createFakeClock();
    const first = new Map<string, number>();
    const series = ['a', 'b', 'c', 'd'].map((name) => ({name, every: 100, sample: async () => ok}));
    const sampler = startSampler({
      series,
      clock,
      onSample: (name, {start}) => first.has(name) || first.set(name, start),
    });
    await clock.advance(99);
    await sampler.stop();
    expect(Object.fromEntries(first)).toEqual({a: 0, b: 25, c: 50, d: 75});
  });

  it('hands on the sample under way before stop resolves', async () => {
    const {clock, samples, sampler} = sampled(100, () => 80);
    await clock.advance(110);
    expect(samples).toHaveLength(1);
    let stopped = false;
    const stopping = sampler.stop().then(() => {
      stopped = true;
    });
    await clock.advance(60);
    expect(stopped).toBe(false);
    await clock.advance(20);
    await stopping;
    expect(samples.map(({seq}) => seq)).toEqual([0, 1]);
    await clock.advance(1000);
    expect(samples).toHaveLength(2);
  });

  it('takes each due instant once or counts it, whatever the latencies', async () => {
    const latencies = fc.array(fc.integer({min: 0, max: 700}), {minLength: 1, maxLength: 30});
    await fc.assert(
      fc.asyncProperty(fc.integer({min: 20, max: 300}), latencies, async (every, list) => {
        const {clock, samples, finish} = sampled(every, (attempt) => list[attempt % list.length] ?? 0);
        await clock.advance(5000);
        await finish();
        let next = 0;
        for (const {seq, start, skipped} of samples) {
          expect(seq).toBe(next + skipped);
          next = seq + 1;
          const late = start - seq * every;
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThanOrEqual(every / 2);
        }
        for (const [index, {start}] of samples.entries()) {
          expect(start).toBeGreaterThanOrEqual(samples[index - 1]?.end ?? 0);
        }
      }),
      {numRuns: 60},
    );
  });
});
