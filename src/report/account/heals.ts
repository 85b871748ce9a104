import type {JournalEntry} from '../../journal/types.ts';
import {entriesOf} from '../model/entries.ts';
import type {FaultAccount} from './types.ts';

/** Kinds of undo that only wait for the platform: what their mutation broke comes back without anybody's doing. */
export const waitingUndos: ReadonlySet<string> = new Set(['platform/heals', 'pod/reschedule']);

/**
 * Whether what a step broke comes back by itself: each of its changes that the cluster took, or may have taken. What a
 * person or a program broke is not known to.
 */
export function healsItself(entries: readonly JournalEntry[], path: string): boolean {
  const refused = new Set(
    entriesOf(entries, 'mutation.failed').flatMap(({mutation, maybeApplied}) => (maybeApplied ? [] : [mutation])),
  );
  const changes = entriesOf(entries, 'mutation.intent').filter(
    ({role, step, mutation}) => role === 'fault' && step === path && !refused.has(mutation),
  );
  return changes.length > 0 && changes.every(({undo}) => waitingUndos.has(undo.kind));
}

/** Whether all that was broken comes back by itself: then nothing shows that the recovery did it. */
export function allHeals(faults: readonly FaultAccount[]): boolean {
  const out = faults.filter((fault) => fault.out !== undefined);
  return out.length > 0 && out.every(({heals}) => heals === true);
}
