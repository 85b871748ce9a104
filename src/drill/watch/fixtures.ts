import {find, freeze} from '../../actions/common/objects.ts';
import {isBuiltIn, podsOf} from '../../actions/common/owned-pods.ts';
import {ClusterError} from '../../cluster/errors.ts';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {RefusedError} from '../../io/errors.ts';
import {isOutside, type Target} from '../../io/target.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {type Trouble, troubleOfPod, troubleOfWorkload} from './hopeless.ts';

interface Watched {
  cluster: ClusterReader;
  clock: Clock;
  /** What is waited for: workloads and pods. */
  targets: () => readonly Target[];
  /** Of the refusal. */
  code?: string;
}

/** Milliseconds between two looks. */
const every = 1000;

/** Looks after the workloads that `prepare` has made: whether what is waited for can come at all. */
export interface FixtureWatch {
  /** Rejects with a RefusedError as soon as a fixture cannot get its pods; looks no more than once a second. */
  check(signal: AbortSignal): Promise<void>;
}

export function watchFixtures({cluster, clock, targets, code = 'E_FIXTURE'}: Watched): FixtureWatch {
  const since = new Map<string, number>();
  let next = Number.NEGATIVE_INFINITY;

  const judge = (what: string, target: Target, trouble: Trouble | undefined) => {
    const now = clock.mono();
    if (trouble === undefined) {
      since.delete(what);
      return;
    }
    const began = since.get(what) ?? now;
    since.set(what, began);
    if (now - began >= trouble.patience) throw neverThere(`${what} cannot be had: ${trouble.detail}`, target, code);
  };

  const look = async (target: Target, signal: AbortSignal) => {
    const live = await find(cluster, target, {signal});
    if (live === undefined) return;
    if (live.kind !== 'Pod') judge(describeRef(target), target, await troubleOfWorkload(cluster, live, signal));
    const pods = live.kind === 'Pod' ? [live] : await podsOf(cluster, live, {signal});
    for (const pod of pods) {
      if (pod.metadata.deletionTimestamp !== undefined) continue;
      judge(nameOf(target, pod), target, await troubleOfPod(cluster, pod, signal));
    }
  };

  return {
    check: async (signal) => {
      if (clock.mono() < next) return;
      for (const target of targets()) {
        try {
          await look(target, signal);
        } catch (error) {
          // Who cannot look waits, as before.
          if (!(error instanceof ClusterError) || signal.aborted) throw error;
        }
      }
      next = clock.mono() + every;
    },
  };
}

const nameOf = (target: Target, pod: KubeObject): string =>
  target.kind === 'Pod' ? describeRef(target) : `${describeRef(freeze(pod))} of ${describeRef(target)}`;

/** The workloads, and pods, that steps of `prepare` have made. */
export function fixturesIn(entries: readonly JournalEntry[]): Target[] {
  const applied = new Set(entries.flatMap((entry) => (entry.type === 'mutation.applied' ? [entry.mutation] : [])));
  return entries.flatMap((entry) => {
    if (entry.type !== 'mutation.intent' || entry.role !== 'fixture' || entry.step === undefined) return [];
    const {target, mutation, undo} = entry;
    if (isOutside(target) || !applied.has(mutation) || undo.kind !== 'object/remove') return [];
    const makesPods = isBuiltIn(target) || ['Pod', 'Job'].includes(target.kind);
    return makesPods ? [target] : [];
  });
}

const neverThere = (message: string, target: Target, code: string): RefusedError =>
  new RefusedError(message, {
    code,
    hint: `Nothing was injected. Look at it with: ${kubectl('describe', target)}`,
  });
