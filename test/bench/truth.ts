import {startSampling} from '../../src/drill/prober/sampling.ts';
import {systemClock} from '../../src/io/clock.ts';
import {directDial} from '../../src/io/dial.ts';
import type {Sample} from '../../src/io/sample.ts';
import {rto} from '../../src/measure/rto.ts';
import {assessSeries} from '../../src/measure/service.ts';
import type {Instant, ServiceAssessment} from '../../src/measure/types.ts';
import {median, type Result} from './measure.ts';
import {type Target, targets} from './truth-servers.ts';

/** Milliseconds between two samples; a sample waits as long for its answer. */
const every = 100;
/** A recovery must last this long (milliseconds): longer than the pauses of the flapping outage. */
const stableFor = 1000;
/** Milliseconds of being up before the first outage, and between two. */
const quiet = 2500;

/** Outages one after the other, in milliseconds: single ones, and one that comes and goes three times. */
const script: readonly (readonly number[])[] = [[250], [600], [1500], [20_000], [400, 500, 700, 300, 500], [5000]];
/** The last outage never ends: it is looked at after this long (milliseconds). */
const endless = 4000;

/** One outage as it was: `down` and `up` say between which two instants the server changed. No `up`: it never ended. */
interface Scripted {
  down: Instant;
  up?: Instant;
  /** Milliseconds of it in which the server was up in between: a flapping outage. */
  flaps: number;
  until: number;
}

/**
 * Real servers that are down in all ways that a probe can see, at instants that they note on the clock of the samples.
 * Every recovery time that is made from the samples must hold the true one; how much wider it is, is said.
 */
export async function truth(): Promise<Result[]> {
  const opened = await Promise.all(targets.map((open) => open()));
  const samples = new Map(opened.map(({name}): [string, Sample[]] => [name, []]));
  const sampler = startSampling({
    probes: opened.map(({name, probe}) => ({...probe, name, every, timeout: every})),
    context: {signal: new AbortController().signal, clock: systemClock, dial: directDial},
    scope: {},
    onSample: (name, sample) => samples.get(name)?.push(sample),
    onControl: () => undefined,
  });
  const scripted = await Promise.all(opened.map((target, index) => play(target, index * 37)));
  await sampler.stop();
  for (const target of opened) target.stop();
  const judged = opened.flatMap(({name}, index) =>
    (scripted[index] ?? []).map((outage) => judge(name, outage, samples.get(name) ?? [])),
  );
  return report(judged, opened.length);
}

/** Plays the script on one target. `delay` keeps the targets from changing all at once. */
async function play(target: Target, delay: number): Promise<Scripted[]> {
  const {mono, sleep} = systemClock;
  const change = async (down: boolean): Promise<Instant> => {
    const earliest = mono();
    await target.set(down);
    return {earliest, latest: mono()};
  };
  const outages: Scripted[] = [];
  await sleep(quiet + delay);
  for (const [first = 0, ...more] of script) {
    const down = await change(true);
    await sleep(first);
    let up = await change(false);
    for (const [index, lasting] of more.entries()) {
      await sleep(lasting);
      up = await change(index % 2 === 0);
    }
    await sleep(quiet);
    outages.push({down, up, flaps: more.length / 2, until: mono()});
  }
  const down = await change(true);
  await sleep(endless);
  outages.push({down, flaps: 0, until: mono()});
  return outages;
}

interface Judged {
  name: string;
  /** True length, at least and at most. */
  length: {min: number; max: number};
  state: 'inside' | 'outside' | 'unseen' | 'more seen';
  /** What the bound is wider than the truth, above and below. */
  excess: number[];
  detail: string;
}

function judge(name: string, {down, up, flaps, until}: Scripted, samples: readonly Sample[]): Judged {
  const assessment = assessSeries(samples, {every, stableFor, from: down.earliest, until});
  const end = up ?? {earliest: until, latest: until};
  const length = {min: end.earliest - down.latest, max: end.latest - down.earliest};
  const base = {name, length, excess: [], detail: describe(assessment)};
  if (assessment.outages.length === 0) {
    // Not seen: then it must be what could have gone unseen.
    return {...base, state: assessment.longestGap >= length.min ? 'unseen' : 'outside'};
  }
  if (assessment.outages.length > flaps + 1) return {...base, state: 'more seen'};
  const impact = rto(assessment, 'impact', {});
  const fault = rto(assessment, 'fault', {fault: down});
  if (typeof impact === 'string' || typeof fault === 'string') return {...base, state: 'outside'};
  if ('atLeast' in impact || 'atLeast' in fault) {
    const least = 'atLeast' in impact ? impact.atLeast : Number.POSITIVE_INFINITY;
    return {
      ...base,
      state: up === undefined && least <= length.max ? 'inside' : 'outside',
      excess: [length.max - least],
    };
  }
  const inside = [impact, fault].every(({lower, upper}) => lower <= length.max && upper >= length.min);
  const edges = assessment.outages[0]?.began;
  const began = edges && edges.earliest <= down.latest && edges.latest >= down.earliest;
  return {
    ...base,
    state: up !== undefined && inside && began ? 'inside' : 'outside',
    excess: [impact.upper - length.min, length.max - impact.lower],
  };
}

const describe = ({outages, recovered, longestGap}: ServiceAssessment): string =>
  `${outages.length} seen, ${recovered ? 'recovered' : 'not recovered'}, longest gap ${longestGap.toFixed(0)} ms`;

function report(judged: readonly Judged[], servers: number): Result[] {
  const of = (state: Judged['state']) => judged.filter((one) => one.state === state);
  const inside = of('inside');
  const outside = of('outside');
  const more = of('more seen');
  const lengths = judged.map(({length}) => length.min);
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  return [
    {
      what: 'outages of real servers, measured',
      figure: `${inside.length} of ${judged.length} (${servers} servers; ${seconds(Math.min(...lengths))} to ${seconds(Math.max(...lengths))} s; ${of('unseen').length} unseen, within the longest gap)`,
      limit: 'at least 60',
      met: inside.length >= 60,
    },
    {
      what: 'bounds that hold the true recovery time',
      figure: `${percent(judged.length - outside.length - more.length, judged.length - more.length)}${outside.map(({name, length, detail}) => `; OUTSIDE: ${name}, ${length.min.toFixed(0)} ms: ${detail}`).join('')}`,
      limit: '100 %',
      met: outside.length === 0,
    },
    {
      what: 'more outages seen than were made',
      figure: `${more.length}${more.map(({name, detail}) => `; ${name}: ${detail}`).join('')}`,
      limit: 'none: answers came later than a sample waits',
      met: more.length === 0,
      machine: true,
    },
    {
      what: 'median excess of a bound over the truth, sampled every 100 ms',
      figure: `${median(inside.flatMap(({excess}) => excess)).toFixed(0)} ms on either side`,
      met: true,
    },
  ];
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
