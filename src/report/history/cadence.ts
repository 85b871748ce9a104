import type {ReportHead} from '../head.ts';

/** Days until a drill is due again: the longest that a week, month, quarter or year has. */
const days: Readonly<Record<string, number>> = {weekly: 7, monthly: 31, quarterly: 92, yearly: 366};

const day = 24 * 60 * 60 * 1000;

/** When a scenario is due on clusters of one class. */
export interface Due {
  environment: string;
  /** The last run that counts, and when it was. */
  last?: {run: string; at: string};
  /** Absent: it was never run there. */
  due?: string;
  state: 'in time' | 'overdue' | 'never run';
}

/**
 * Classes on which a scenario is due: those of real clusters that it is for. A run on a practice or ephemeral cluster
 * shows nothing about a production cluster; where a scenario is for nothing else, it is due on ephemeral ones.
 */
export function dueClasses(environments: readonly string[]): string[] {
  const real = environments.filter((name) => name !== 'practice' && name !== 'ephemeral');
  return [...new Set(real.length > 0 ? real : environments.filter((name) => name === 'ephemeral'))];
}

/**
 * Whether a scenario is due, class by class. Only runs that proved something count: passed and failed. Without a
 * cadence nothing is ever due.
 * @param runs of the scenario, oldest first
 */
export function dueOf(
  {cadence, environments}: {cadence?: string; environments: readonly string[]},
  runs: readonly ReportHead[],
  now: Date,
): Due[] {
  const period = cadence === undefined ? undefined : days[cadence];
  if (period === undefined) return [];
  return dueClasses(environments).map((environment) => {
    const last = runs.findLast(({cluster, verdict}) => {
      return cluster?.environment === environment && (verdict === 'passed' || verdict === 'failed');
    });
    if (!last) return {environment, state: 'never run'};
    const due = new Date(Date.parse(last.at) + period * day);
    const state = due < now ? 'overdue' : 'in time';
    return {environment, last: {run: last.run, at: last.at}, due: due.toISOString().slice(0, 10), state};
  });
}
