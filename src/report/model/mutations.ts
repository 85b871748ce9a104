import {mutationsOf, outstanding} from '../../journal/recover.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {MutationReport} from '../happened.ts';
import {entriesOf} from './entries.ts';

/** Every mutation with its undo. Of all processes: a rollback's undos count. */
export function reportMutations(entries: readonly JournalEntry[]): MutationReport[] {
  const open = new Set(outstanding(entries).map(({id}) => id));
  const ends = entriesOf(entries, 'undo.ended');
  const warnings = new Map(entriesOf(entries, 'mutation.applied').map((entry) => [entry.mutation, entry.warnings]));
  const failures = entriesOf(entries, 'mutation.failed');
  return mutationsOf(entries).map(({id, role, phase, step, target, undo, applied, undone, command}) => {
    const end = ends.findLast(({mutation}) => mutation === id);
    // A process that died has said no command; for what is undone there is nothing to do by hand.
    const byHand = end?.command ?? (open.has(id) ? command : undefined);
    const failure = failures.findLast(({mutation}) => mutation === id);
    const warned = warnings.get(id);
    return {
      id,
      role,
      phase,
      ...(step === undefined ? {} : {step}),
      target,
      undoKind: undo.kind,
      applied,
      undo: undone,
      outstanding: open.has(id),
      ...(end?.detail === undefined ? {} : {detail: end.detail}),
      ...(byHand === undefined ? {} : {command: byHand}),
      ...(failure ? {error: failure.error} : {}),
      ...(warned === undefined ? {} : {warnings: warned}),
    };
  });
}
