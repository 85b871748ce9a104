import * as fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {type CanaryWrite, lossOf, rpo} from '../../../src/measure/rpo.ts';
import {noise, propertyRuns, real} from '../../support/oracle.ts';

// A campaign of many thousand schedules takes minutes on a busy machine.
vi.setConfig({testTimeout: 900_000});

/** A store that went back to the instant `point`, after it had been stopped at `stopped`; it was back at `back`. */
interface Store {
  point: number;
  stopped: number;
  back: number;
}

/** How the canary writes, and how often an answer is lost although the write was taken, or is late. */
interface Writer {
  every: number;
  latency: number;
  answerLost: number;
  seed: number;
}

const until = 20_000;

/** By brute force: every write is taken at a random instant of its own, or finds the store stopped. */
function play({point, stopped, back}: Store, {every, latency, answerLost, seed}: Writer) {
  const random = noise(seed);
  const writes: CanaryWrite[] = [];
  const present = new Set<number>();
  const truth = {lost: 0};
  for (let number = 0; number * every + latency < until; number++) {
    const start = number * every;
    const at = start + random() * latency;
    const end = at + random() * (start + latency - at);
    const up = at < stopped || at >= back;
    const heard = random() >= answerLost;
    // A refusal can get lost like any answer; a write that found the store stopped was never taken.
    const state = heard ? (up ? 'acknowledged' : 'refused') : 'unknown';
    const kept = up && (at < point || at >= back);
    if (kept) present.add(number);
    if (state === 'acknowledged' && !kept) truth.lost += 1;
    writes.push({number, start, end, state});
  }
  return {writes, present, truth};
}

const stores = fc
  .record({
    point: real(2000, 8000),
    more: real(0, 5000),
    away: real(0, 4000),
  })
  .map(({point, more, away}): Store => ({point, stopped: point + more, back: point + more + away}));

const writers = fc
  .record({
    every: fc.integer({min: 20, max: 500}),
    share: real(0.01, 1),
    answerLost: real(0, 0.3),
    seed: fc.integer({min: 1, max: 2 ** 31 - 1}),
  })
  .map(({every, share, ...rest}): Writer => ({every, latency: every * share, ...rest}));

test('whatever was lost and whichever answers: the true loss lies inside the bound, and its count is exact', () => {
  let losses = 0;
  void fc.assert(
    fc.property(stores, writers, (store, writer) => {
      const {writes, present, truth} = play(store, writer);
      const loss = lossOf(writes, present);
      expect(loss.lost).toBe(truth.lost);
      expect(loss.foreign).toBe(0);
      const figure = rpo(writes, present, {from: 0, until});
      if (figure === 'n/a') return;
      const truly = store.stopped - store.point;
      if ('atLeast' in figure) {
        expect(figure.atLeast).toBeLessThanOrEqual(truly + 1e-6);
        return;
      }
      if (loss.lost > 0) losses += 1;
      expect(figure.lower).toBeGreaterThanOrEqual(0);
      expect(figure.lower).toBeLessThanOrEqual(truly + 1e-6);
      expect(figure.upper).toBeGreaterThanOrEqual(truly - 1e-6);
    }),
    {numRuns: propertyRuns},
  );
  expect(losses).toBeGreaterThan(propertyRuns / 4);
});

test('with an answer to every write the bound is no wider than the gaps around its two edges', () => {
  void fc.assert(
    fc.property(stores, writers, (store, writer) => {
      const {writes, present} = play(store, {...writer, answerLost: 0});
      const figure = rpo(writes, present, {from: 0, until});
      const {firstLost, lastLost, lastSurvivor} = lossOf(writes, present);
      if (!firstLost || !lastLost || !lastSurvivor || typeof figure === 'string' || 'atLeast' in figure) return;
      const next = writes.find(({number}) => number > lastLost.number);
      if (!next) return;
      const gaps = firstLost.end - lastSurvivor.start + next.end - lastLost.start;
      expect(figure.upper - figure.lower).toBeLessThanOrEqual(gaps + 1e-6);
    }),
    {numRuns: propertyRuns},
  );
});
