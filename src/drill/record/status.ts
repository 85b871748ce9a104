import {join} from 'node:path';
import {systemClock} from '../../io/clock.ts';
import {readJournal} from '../../journal/read.ts';
import {cleanupOf, type Mutation, outstanding, unexplained} from '../../journal/recover.ts';
import type {ClusterIdentified, JournalEntry} from '../../journal/types.ts';
import type {Difference} from '../../journal/world.ts';
import {lifetimeOf} from '../lock/expiry.ts';
import {ownership} from './owner.ts';

/**
 * `running`: its process is at work, here or (as far as one can tell, and until the run has expired) on another host.
 * `crashed`: its process is gone and the run has no end. `dirty`: ended with something not taken back. `clean`: nothing is left to do.
 */
export type RunState = 'running' | 'crashed' | 'dirty' | 'clean';

/** What the journal of a run says about where it stands. */
export interface RunStatus {
  folder: string;
  id: string;
  scenario: string;
  startedAt: string;
  operator: string;
  state: RunState;
  /** The last verdict, when one was given. */
  verdict?: string;
  cluster?: Omit<ClusterIdentified, 'type'>;
  /** What is still to be taken back, newest first. */
  outstanding: Mutation[];
  /** What is otherwise than before the drill, and nobody knows why. */
  differences: Difference[];
}

/** Reads where a run stands. Rejects with a UsageError when the folder holds no journal that can be read. */
export async function statusOf(folder: string, now = systemClock.wall()): Promise<RunStatus> {
  const {entries} = await readJournal(join(folder, 'journal.jsonl'));
  const started = find(entries, 'run.started');
  const cluster = find(entries, 'cluster.identified');
  const open = outstanding(entries);
  const verdict = entries.findLast((entry) => entry.type === 'verdict');
  const owner = await ownership(folder);
  const ended = entries.at(-1)?.type === 'run.ended';
  return {
    folder,
    id: started?.run.id ?? folder,
    scenario: started?.scenario.name ?? '',
    startedAt: entries[0]?.at ?? '',
    operator: started?.people.operator ?? '',
    state: stateOf({
      ended,
      busy: owner === 'alive' || (owner === 'elsewhere' && !isOver(entries, now)),
      isClean: cleanupOf(entries) === 'clean',
    }),
    ...(verdict?.type === 'verdict' ? {verdict: verdict.verdict} : {}),
    ...(cluster === undefined ? {} : {cluster}),
    outstanding: open,
    differences: unexplained(entries),
  };
}

/** Whether a run is past its deadline by so much that nobody can be at it; from when it was last taken up. */
function isOver(entries: readonly JournalEntry[], now: Date): boolean {
  const begun = entries.findLast(({type}) => type === 'run.started' || type === 'run.resumed');
  const planned = find(entries, 'plan.made');
  if (begun === undefined || planned === undefined) return false;
  return Date.parse(begun.at) + lifetimeOf(planned.plan.runDeadline) < now.getTime();
}

function stateOf({ended, busy, isClean}: {ended: boolean; busy: boolean; isClean: boolean}): RunState {
  if (!ended) return busy ? 'running' : 'crashed';
  return isClean ? 'clean' : 'dirty';
}

function find<Type extends JournalEntry['type']>(
  entries: readonly JournalEntry[],
  type: Type,
): Extract<JournalEntry, {type: Type}> | undefined {
  return entries.find((entry): entry is Extract<JournalEntry, {type: Type}> => entry.type === type);
}
