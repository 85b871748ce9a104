import type {PlanRecord} from '../../src/journal/plan.ts';
import type {JournalEvent} from '../../src/journal/types.ts';
import {buildModel, type VerdictResult, verdict} from '../../src/report/index.ts';
import type {Schedule} from './oracle.ts';
import {type KillOptions, killCoredns, type MadeRun, RunMaker, scaleToZero} from './runs.ts';

/** Made runs and what is judged of them: what the tests of the verdict share. */

export const judge = ({entries, series}: MadeRun): VerdictResult => verdict(buildModel(entries, series));
export const kill = (options: KillOptions): VerdictResult => judge(killCoredns(options));
export const objective = (target: number): Partial<PlanRecord> => ({
  objectives: [{metric: 'rto', target, of: 'dns', from: 'impact', source: 'policy'}],
});
export const service = (outage: 'required' | 'possible' | 'none'): Partial<PlanRecord> => ({
  services: [{name: 'dns', up: ['dnsUdp', 'dnsTcp'], outage, by: 'inject', okRatio: 1}],
});

/** A check that is green whatever happens. */
export const always = {
  name: 'as many pods as were killed, new and ready',
  uses: 'kubernetes/object',
  with: {},
  states: {before: 'pass', broken: 'pass', after: 'pass'},
} as const;

/** scale-to-zero whose service is down then; the cure begins to act at 6.81 s, after the fault has shown its own effect. */
export function scaled(down: Schedule): MadeRun {
  const {entries, series} = scaleToZero();
  const sampled = new RunMaker().sampled(0, 'shopAnswers', {every: 250, from: 200, until: 24_000, down});
  return {entries, series: new Map([...series, ...sampled.series])};
}

/** The plan of a made run. */
export function planOf({entries}: MadeRun): PlanRecord {
  const made = entries.find((entry) => entry.type === 'plan.made');
  if (made?.type !== 'plan.made') throw new Error('there is no plan');
  return made.plan;
}

/** A made run with another plan, with events added at their instants (milliseconds since the run began), or left out. */
export function altered({entries, series}: MadeRun, {plan = {}, add = [], drop = () => false}: Alteration): MadeRun {
  const maker = new RunMaker();
  for (const [time, ...events] of add) maker.add(time, ...events);
  const kept = entries
    .filter((entry) => !drop(entry))
    .map((entry) => (entry.type === 'plan.made' ? {...entry, plan: {...entry.plan, ...plan}} : entry));
  return {entries: [...kept, ...maker.entries].toSorted((a, b) => a.mono - b.mono), series};
}

export interface Alteration {
  plan?: Partial<PlanRecord>;
  add?: [at: number, ...events: JournalEvent[]][];
  drop?: (entry: MadeRun['entries'][number]) => boolean;
}

/** Adds events right before undo. */
export const late =
  (...events: JournalEvent[]) =>
  (maker: RunMaker): unknown =>
    maker.add(29_000, ...events);

/** The same run with the entries of some types left out. */
export function without({entries, series}: MadeRun, drop: (entry: MadeRun['entries'][number]) => boolean): MadeRun {
  return {entries: entries.filter((entry) => !drop(entry)), series};
}
