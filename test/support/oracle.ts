import * as fc from 'fast-check';
import type {Sample} from '../../src/io/sample.ts';
import {campaignSeed, campaignSize} from './choice.ts';

/** How many cases each property tries; a campaign tries many more. */
export const propertyRuns = campaignSize('KUBEDRILL_PROPERTY_RUNS', 1000);

// Without one, fast-check draws its own, and prints it when something fails.
if (campaignSeed !== 0) fc.configureGlobal({seed: campaignSeed});

/**
 * Evenly spread numbers. `fc.double` spreads over the representations instead: nine of ten shares between 0 and 1 would
 * be below 0.01, and hardly any sample would take time, be blind or be skipped.
 */
export const real = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({min: 0, max: 1_000_000}).map((part) => min + ((max - min) * part) / 1_000_000);

/** The truth: when the thing was down, as disjoint [from, to) in ascending order. */
export type Schedule = [from: number, to: number][];

/** How a sampler looks at the truth. Milliseconds. */
export interface Sampler {
  every: number;
  /** First due instant. */
  phase: number;
  /** Longest time that one sample takes; at most `every`. */
  latency: number;
  /** Share of samples that cannot ask, and of due instants that are skipped. */
  blind: number;
  skipped: number;
  seed: number;
}

/** What the sampler recorded, and at which instant each sample really looked. */
export interface Observed {
  samples: Sample[];
  looked: number[];
}

/** Samples a schedule by brute force: every due instant, a random latency, the state at a random instant within. */
export function observe(schedule: Schedule, sampler: Sampler, until: number): Observed {
  const random = noise(sampler.seed);
  const samples: Sample[] = [];
  const looked: number[] = [];
  for (let seq = 0; ; seq++) {
    const due = sampler.phase + seq * sampler.every;
    const start = due + random() * (sampler.every - sampler.latency) * 0.5;
    const end = start + random() * sampler.latency;
    if (end > until) return {samples, looked};
    const at = start + random() * (end - start);
    const [skip, blind] = [random() < sampler.skipped, random() < sampler.blind];
    if (skip) continue;
    samples.push({seq, start, end, state: blind ? 'blind' : isDown(schedule, at) ? 'bad' : 'ok'});
    looked.push(at);
  }
}

function isDown(schedule: Schedule, at: number): boolean {
  return schedule.some(([from, to]) => at >= from && at < to);
}

/** When several things are down at least one of which is needed: the union. */
export function union(schedules: Schedule[]): Schedule {
  const joined: Schedule = [];
  for (const [from, to] of schedules.flat().sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Time down in a window. */
export function downTime(schedule: Schedule, from: number, until: number): number {
  return schedule.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, until) - Math.max(a, from)), 0);
}

/** Up for `lead` first, then down and up in turns. */
export function schedules(options: {
  lead: number;
  shortest: number;
  longest: number;
  most: number;
}): fc.Arbitrary<Schedule> {
  const lasting = real(options.shortest, options.longest);
  return fc.array(fc.tuple(lasting, lasting), {minLength: 1, maxLength: options.most}).map((turns) => {
    let at = options.lead;
    return turns.map(([down, up]) => {
      const outage: [number, number] = [at, at + down];
      at += down + up;
      return outage;
    });
  });
}

/** Samplers of all kinds; `blind` and `skipped` are at most the given shares. */
export function samplers(trouble: {blind: number; skipped: number}): fc.Arbitrary<Sampler> {
  return fc
    .record({
      every: fc.integer({min: 20, max: 500}),
      phase: real(0, 1),
      latency: real(0, 1),
      blind: real(0, trouble.blind),
      skipped: real(0, trouble.skipped),
      seed: fc.integer({min: 1, max: 2 ** 31 - 1}),
    })
    .map((one) => ({...one, phase: one.phase * one.every, latency: one.latency * one.every}));
}

/** Uniform in [0, 1), from a seed (xorshift32). */
export function noise(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
