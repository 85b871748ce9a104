import {refOf} from '../../actions/common/objects.ts';
import type {Mutate, Writer} from '../../actions/define.ts';
import {isClusterError} from '../../cluster/errors.ts';
import {describeRef} from '../../cluster/names.ts';
import type {ClusterWriter, Connection} from '../../cluster/types.ts';
import {withOptions} from '../../cluster/write.ts';
import type {Clock} from '../../io/clock.ts';
import type {Need} from '../../outside/means.ts';

/** How far one step got in a dry run. */
export interface DryProgress {
  /** Writes that would have been taken. */
  sent: number;
  notes: string[];
  /** What the last write was answered, when that was no success. */
  failure?: unknown;
}

/** A step that waits for what a dry run does not change has sent all that can be tried. */
export class NothingHappens extends Error {
  constructor() {
    super('nothing happens in a dry run');
  }
}

/**
 * Sends each write with dryRun=All and counts it. No journal: nothing is changed, so there is nothing to take back.
 * `made`: names of the namespaces that writes of this dry run would have made. The API server reads an object in one of
 * them, and misses its namespace before it has checked the rest.
 */
export function dryMutate(
  {writer}: Pick<Connection, 'writer'>,
  progress: DryProgress,
  made: Set<string>,
): Mutate<Need> {
  const dry = withOptions(writer, {dryRun: true, onWarning: (warning) => progress.notes.push(`warning: ${warning}`)});
  const cluster: ClusterWriter = {
    create: async (object, options) => {
      const {kind, metadata} = object;
      if (kind === 'Namespace') made.add(metadata.name);
      try {
        return counted(await dry.create(object, options));
      } catch (error) {
        const {namespace = ''} = metadata;
        if (!made.has(namespace) || !isClusterError(error, 'notFound')) throw error;
        progress.notes.push(`${describeRef(refOf(object))}: read, not checked: its namespace is not there yet`);
        return object;
      }
    },
    apply: async (object, options) => counted(await dry.apply(object, options)),
    replace: async (object, options) => counted(await dry.replace(object, options)),
    patch: async (ref, patch, options) => counted(await dry.patch(ref, patch, options)),
    delete: async (ref, options) => counted(await dry.delete(ref, options)),
    evict: async (pod, options) => counted(await dry.evict(pod, options)),
  };
  const counted = <T>(answer: T): T => {
    progress.sent += 1;
    return answer;
  };
  return async (_, write) => {
    delete progress.failure;
    try {
      // Actions that write elsewhere have been left out.
      return await write({cluster} as Writer<Need>);
    } catch (error) {
      progress.failure = error;
      // What is to be asked again later is no refusal.
      if (isClusterError(error, 'tooManyRequests')) progress.notes.push(`tried again in a run: ${error.message}`);
      throw error;
    }
  };
}

/** A clock that does not wait for what will not happen; only for another attempt after a conflict. */
export function dryClock(clock: Clock, progress: DryProgress): Clock {
  return {
    ...clock,
    sleep: async (ms, signal) => {
      if (!isClusterError(progress.failure, 'conflict')) throw new NothingHappens();
      await clock.sleep(ms, signal);
    },
  };
}
