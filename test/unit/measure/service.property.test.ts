import * as fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import type {SampleState} from '../../../src/io/sample.ts';
import {alignSeries, clockOffsets} from '../../../src/measure/clocks.ts';
import {rto} from '../../../src/measure/rto.ts';
import {assessSeries, assessService} from '../../../src/measure/service.ts';
import type {AlignedSeries, Bound, Instant, ServiceAssessment} from '../../../src/measure/types.ts';
import {
  downTime,
  noise,
  observe,
  propertyRuns,
  real,
  type Sampler,
  type Schedule,
  samplers,
  schedules,
  union,
} from '../../support/oracle.ts';

// A campaign of many thousand schedules takes minutes on a busy machine.
vi.setConfig({testTimeout: 900_000});

const lead = 4000;
const stableFor = 2000;
const still = {min: 0, max: 0};
const runs = {numRuns: propertyRuns};

test('one series, whatever the schedule: the true impact and recovery lie inside their bounds', () => {
  let recoveries = 0;
  const any = schedules({lead, shortest: 1, longest: 4000, most: 6});
  void fc.assert(
    fc.property(any, samplers({blind: 0.2, skipped: 0.2}), real(0, 1), (truth, sampler, at) => {
      const until = ending(truth);
      const {samples, looked} = observe(truth, sampler, until);
      const assessment = assessSeries(samples, {every: sampler.every, stableFor, from: 0, until});
      expectSane(assessment);
      for (const outage of assessment.outages) {
        const first = looked[samples.findIndex(({end}) => end === outage.firstBad.end)] ?? Number.NaN;
        const last = looked[samples.findIndex(({start}) => start === outage.lastBad.start)] ?? Number.NaN;
        const began = truth.find(([from, to]) => first >= from && first < to)?.[0] ?? Number.NaN;
        const ended = truth.find(([from, to]) => last >= from && last < to)?.[1] ?? Number.NaN;
        if (!outage.openStart) expectInside(began, outage.began);
        if (outage.ended) expectInside(ended, outage.ended);
      }
      const {recovered, outages} = assessment;
      const impact = outages[0];
      if (!recovered || !impact || impact.openStart) return;
      recoveries += 1;
      // The last time it came up before the sample that is reported as the recovery.
      const seen = looked[samples.findIndex(({end}) => end === recovered.at.latest)] ?? Number.NaN;
      const t7 = Math.max(...truth.map(([, to]) => to).filter((to) => to <= seen));
      expectInside(t7, recovered.at);
      const firstLooked = looked[samples.findIndex(({end}) => end === impact.firstBad.end)] ?? Number.NaN;
      const t1 = truth.find(([from, to]) => firstLooked >= from && firstLooked < to)?.[0] ?? Number.NaN;
      const t0 = lead * at;
      const instants = {fault: {earliest: t0 - 3, latest: t0 + 5}, recovery: exactly(t1 + 1)};
      expectContains(rto(assessment, 'impact', instants), t7 - t1);
      expectContains(rto(assessment, 'fault', instants), t7 - t0);
      expectContains(rto(assessment, 'recovery', instants), t7 - t1 - 1);
    }),
    runs,
  );
  expect(recoveries).toBeGreaterThan(propertyRuns / 2);
});

test('one series: the bound exceeds the truth by no more than the two gaps around its edges', () => {
  const one = schedules({lead, shortest: 1500, longest: 6000, most: 1});
  void fc.assert(
    fc.property(one, samplers({blind: 0.1, skipped: 0.1}), (truth, sampler) => {
      const until = ending(truth);
      const {samples} = observe(truth, sampler, until);
      const {outages, recovered} = assessSeries(samples, {every: sampler.every, stableFor: 0, from: 0, until});
      const [outage] = outages;
      if (!outage || !recovered || outages.length > 1) return;
      const truly = downTime(truth, 0, until);
      const b1 = samples.findIndex(({state}) => state === 'bad');
      const bk = samples.findLastIndex(({state}) => state === 'bad');
      const g0 = samples.slice(0, b1).findLast(({state}) => state === 'ok');
      const g1 = samples.slice(bk).find(({state}) => state === 'ok');
      const gaps = (samples[b1]?.end ?? 0) - (g0?.start ?? 0) + (g1?.end ?? 0) - (samples[bk]?.start ?? 0);
      const upper = recovered.at.latest - outage.began.earliest;
      const lower = Math.max(0, recovered.at.earliest - outage.began.latest);
      expect(upper - truly).toBeLessThanOrEqual(gaps + 1e-6);
      expect(truly - lower).toBeLessThanOrEqual(gaps + 1e-6);
    }),
    runs,
  );
});

test('a service of several series that go down and up at different instants: the union lies inside', () => {
  let recoveries = 0;
  const outage = fc.record({
    from: real(0, 3000),
    to: real(1, 3000),
  });
  // All of them are down together at lead + 3000, and each long enough to be seen by its own sampler.
  const group = fc.array(fc.tuple(outage, samplers({blind: 0, skipped: 0})), {minLength: 1, maxLength: 6});
  void fc.assert(
    fc.property(group, (members) => {
      const truths: Schedule[] = members.map(([{from, to}, {every}]) => [
        [lead + from - every, lead + 3000 + to + every],
      ]);
      const until = ending(truths.flat());
      const assessment = assessTogether(
        truths,
        members.map(([, sampler]) => sampler),
        until,
      );
      expectSane(assessment);
      const [whole] = union(truths);
      const [seen] = assessment.outages;
      if (!whole || !seen?.ended) throw new Error('the outage was not seen, or not its end');
      expect(assessment.outages).toHaveLength(1);
      expectInside(whole[0], seen.began);
      expectInside(whole[1], seen.ended);
      if (!assessment.recovered) return;
      recoveries += 1;
      expectContains(rto(assessment, 'impact', {}), whole[1] - whole[0]);
      expectContains(rto(assessment, 'fault', {fault: exactly(lead - 500)}), whole[1] - lead + 500);
    }),
    runs,
  );
  expect(recoveries).toBeGreaterThan(propertyRuns / 2);
});

test('an outage that a slower series missed, but that overlaps a seen one, lies inside the bound of the service', () => {
  let missed = 0;
  const fast = fc.record({
    from: real(0, 400),
    lasting: real(250, 900),
  });
  const slow = fc.record({
    overlap: real(0.001, 0.999),
    lasting: real(1, 450),
  });
  const phase = real(0, 500);
  void fc.assert(
    fc.property(fast, slow, phase, fc.integer({min: 1, max: 1e9}), (quick, hidden, at, seed) => {
      const first: Schedule = [[lead + quick.from, lead + quick.from + quick.lasting]];
      // Begins anywhere from just before the first one to just before its end.
      const from = lead + quick.from - hidden.lasting + hidden.overlap * (quick.lasting + hidden.lasting);
      const second: Schedule = [[from, from + hidden.lasting]];
      const until = lead + 8000;
      const common = {blind: 0, skipped: 0, seed};
      const watchers = [
        {...common, every: 50, phase: 0, latency: 5},
        {...common, every: 500, phase: at, latency: 20},
      ];
      const assessment = assessTogether([first, second], watchers, until);
      const [whole] = union([first, second]);
      const [seen] = assessment.outages;
      if (!seen?.ended || !whole) throw new Error('the first outage is always seen');
      if (!seen.series.includes('s1')) missed += 1;
      expectInside(whole[0], seen.began);
      expectInside(whole[1], {earliest: seen.ended.earliest, latest: assessment.recovered?.at.latest ?? Infinity});
    }),
    runs,
  );
  expect(missed).toBeGreaterThan(propertyRuns / 10);
});

test('total unavailable time lies inside its bound, blind stretches included', () => {
  const seen = schedules({lead, shortest: 1600, longest: 5000, most: 4});
  void fc.assert(
    fc.property(seen, fc.array(samplers({blind: 0.1, skipped: 0}), {minLength: 1, maxLength: 3}), (truth, watchers) => {
      const until = ending(truth);
      const truths = watchers.map(() => truth);
      const {unavailable, blindMs} = assessTogether(truths, watchers, until);
      expectInside(downTime(truth, 0, until), {earliest: unavailable.min, latest: unavailable.max});
      expect(blindMs).toBeLessThanOrEqual(until);
    }),
    runs,
  );
});

test('okRatio: an outage of all endpoints is never reported shorter than it was, whatever is forgiven around it', () => {
  let forgiving = 0;
  const one = schedules({lead, shortest: 1500, longest: 5000, most: 1});
  const ratio = real(0.5, 0.99);
  void fc.assert(
    fc.property(one, samplers({blind: 0.05, skipped: 0.05}), ratio, real(0, 1), (truth, sampler, okRatio, part) => {
      const until = ending(truth);
      const every = Math.min(sampler.every, 200);
      const {samples} = observe(truth, {...sampler, every, latency: Math.min(sampler.latency, every)}, until);
      const random = noise(sampler.seed + 1);
      // Some endpoints of many are always bad: fewer than the ratio forgives.
      const spotted = samples.map((sample) =>
        sample.state === 'ok' && random() < ((1 - okRatio) * part) / 2 ? {...sample, state: 'bad' as const} : sample,
      );
      const assessment = assessSeries(spotted, {
        every,
        okRatio,
        stableFor,
        from: 0,
        until,
      });
      expectSane(assessment);
      if (spotted.some(({state}, index) => state !== samples[index]?.state)) forgiving += 1;
      const [whole] = truth;
      if (!whole) return;
      const covering = assessment.outages.filter(
        ({began, ended}) => began.earliest <= whole[0] + crumb && (ended?.latest ?? Infinity) >= whole[1] - crumb,
      );
      expect(covering).toHaveLength(1);
      if (part > 0) return;
      // Nothing forgiven: the same as without a ratio.
      expectInside(whole[0], covering[0]?.began ?? exactly(Number.NaN));
    }),
    runs,
  );
  expect(forgiving).toBeGreaterThan(propertyRuns / 4);
});

test('what comes late never changes an outage that was over, nor a recovery that was proven', () => {
  let compared = 0;
  const any = schedules({lead, shortest: 100, longest: 4000, most: 5});
  void fc.assert(
    fc.property(any, samplers({blind: 0.1, skipped: 0.1}), real(0, 1), (truth, sampler, cut) => {
      const until = ending(truth);
      const {samples} = observe(truth, sampler, until);
      const rule = {every: sampler.every, stableFor, from: 0, until};
      const keep = Math.floor(samples.length * cut);
      const before = assessSeries(samples.slice(0, keep), rule);
      const changed = samples.map((sample, index) => (index < keep ? sample : {...sample, state: flip(sample.state)}));
      for (const after of [assessSeries(samples, rule), assessSeries(changed, rule)]) {
        const over = before.outages.filter(({ended}) => ended !== undefined);
        compared += over.length;
        expect(after.outages.slice(0, over.length)).toEqual(over);
        if (before.recovered) expect(after.recovered).toEqual(before.recovered);
      }
    }),
    runs,
  );
  expect(compared).toBeGreaterThan(propertyRuns / 4);
});

test('clocks of other processes: the truth lies inside, however wrong the measured offsets within their errors', () => {
  const one = schedules({lead, shortest: 1200, longest: 4000, most: 1});
  const clock = fc.record({
    offset: real(-1e7, 1e7),
    error: real(0, 200),
    wrong: real(-1, 1),
    drift: real(-50, 50),
  });
  const watchers = fc.array(fc.tuple(samplers({blind: 0, skipped: 0}), clock), {minLength: 1, maxLength: 3});
  void fc.assert(
    fc.property(one, watchers, fc.boolean(), (truth, group, shared) => {
      const until = ending(truth);
      const recorded = group.map(([sampler, own], index) => {
        const {offset} = shared ? (group[0]?.[1] ?? own) : own;
        const {samples} = observe(truth, sampler, until);
        const moved = samples.map((sample) => ({...sample, start: sample.start - offset, end: sample.end - offset}));
        return {name: `s${index}`, every: sampler.every, clock: shared ? 'pod' : `pod${index}`, samples: moved};
      });
      const readings = group.flatMap(([, {offset, error, wrong, drift}], index) => {
        const name = shared ? 'pod' : `pod${index}`;
        if (shared && index > 0) return [];
        return [
          {clock: name, offset: offset + wrong * error, error},
          {clock: name, offset: offset + drift, error: Math.abs(drift)},
        ];
      });
      const aligned = alignSeries(recorded, clockOffsets(readings));
      const assessment = assessService(aligned, {okRatio: 1, stableFor: 500}, {from: 0, until: until + 1000});
      expectSane(assessment);
      const [whole] = truth;
      if (!whole || !assessment.recovered || assessment.outages[0]?.openStart) return;
      expectContains(rto(assessment, 'impact', {}), whole[1] - whole[0]);
      expectContains(rto(assessment, 'fault', {fault: exactly(lead - 1000)}), whole[1] - lead + 1000);
    }),
    runs,
  );
});

function assessTogether(truths: Schedule[], watchers: Sampler[], until: number): ServiceAssessment {
  const series: AlignedSeries[] = watchers.map((sampler, index) => ({
    name: `s${index}`,
    every: sampler.every,
    samples: observe(truths[index] ?? [], {...sampler, seed: sampler.seed + index}, until).samples,
    align: {shift: still, error: 0},
  }));
  return assessService(series, {okRatio: 1, stableFor}, {from: 0, until});
}

const ending = (truth: Schedule): number => Math.max(...truth.map(([, to]) => to)) + 6000;
const exactly = (at: number): Instant => ({earliest: at, latest: at});
const flip = (state: SampleState): SampleState => (state === 'ok' ? 'bad' : 'ok');

/** Floating point: offsets of 1e7 ms leave some 1e-9 ms of noise. */
const crumb = 1e-6;

function expectInside(truth: number, {earliest, latest}: Instant): void {
  expect(truth).toBeGreaterThanOrEqual(earliest - crumb);
  expect(truth).toBeLessThanOrEqual(latest + crumb);
}

function expectContains(figure: ReturnType<typeof rto>, truth: number): void {
  if (typeof figure === 'string') throw new Error(`expected a figure around ${truth}, not ${figure}`);
  const bound: Bound =
    'atLeast' in figure ? {min: figure.atLeast, max: Infinity} : {min: figure.lower, max: figure.upper};
  expectInside(truth, {earliest: bound.min, latest: bound.max});
}

/** Nothing that is a duration is negative, nothing begins after it ended. */
function expectSane(assessment: ServiceAssessment): void {
  const {unavailable, blindMs, longestGap, goodFor, relapses, flaps} = assessment;
  for (const figure of [
    unavailable.min,
    unavailable.max - unavailable.min,
    blindMs,
    longestGap,
    goodFor,
    relapses,
    flaps,
  ]) {
    expect(figure).toBeGreaterThanOrEqual(-crumb);
  }
  for (const {began, ended} of assessment.outages) {
    expect(began.latest).toBeGreaterThanOrEqual(began.earliest);
    if (ended) expect(ended.latest).toBeGreaterThanOrEqual(ended.earliest);
  }
}
