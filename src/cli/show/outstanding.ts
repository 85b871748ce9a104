import {targetText} from '../../io/target.ts';
import type {JournalEntry, UndoRecordEntry} from '../../journal/types.ts';

/** A mutation that has not been taken back, or nobody knows. */
export interface Outstanding {
  mutation: string;
  /** `Deployment shop/web`. */
  target: string;
  undo: UndoRecordEntry;
}

export interface OutstandingUndos {
  /** Takes note of an entry. */
  entry(entry: JournalEntry): void;
  /** In the order in which they should be undone: newest first. */
  list(): Outstanding[];
  /** Id and folder name of the run, once it has begun. */
  runId(): string | undefined;
}

/**
 * Follows a run's journal and knows at every instant what is still to be taken back: the second Ctrl-C has no time to
 * read files. An intent counts until it is undone, kept, or known not to have happened.
 */
export function trackUndos(): OutstandingUndos {
  const open = new Map<string, Outstanding>();
  let run: string | undefined;
  return {
    entry: (entry) => {
      if (entry.type === 'run.started') run = entry.run.id;
      if (entry.type === 'mutation.intent') {
        open.set(entry.mutation, {
          mutation: entry.mutation,
          target: targetText(entry.target),
          undo: entry.undo,
        });
      }
      if (entry.type === 'mutation.failed' && !entry.maybeApplied) open.delete(entry.mutation);
      if (entry.type === 'undo.ended' && ['undone', 'already', 'kept'].includes(entry.state))
        open.delete(entry.mutation);
    },
    list: () => [...open.values()].reverse(),
    runId: () => run,
  };
}
