import type {HeldTime} from '../../actions/object/held-time.ts';
import type {Journal} from '../../journal/write.ts';
import type {UndoSurroundings} from '../contexts.ts';
import type {ReadyRun} from '../session.ts';
import type {Turns} from './turns.ts';

/** Milliseconds for one undo: a namespace with pods that use their grace period needs more than a minute. */
export const undoDeadline = 180_000;

/** What undoing needs besides the journal. Works in the run's own process and in a later one alike. */
export interface UndoDeps {
  journal: Journal;
  surroundings: UndoSurroundings;
  /** Milliseconds for each undo; a namespace on its way out may need a minute. */
  deadline: number;
  /** Shared by the undos of one sweep: whether one of them has waited for the API server until its own deadline. */
  patience?: {spent: boolean};
  /** Shared by all that may take back the same mutations in one process. */
  turns?: Turns;
  /** What they have together for what others have to let go. */
  heldTime?: HeldTime;
  /** Milliseconds in which what an undo has begun ends after its deadline. */
  grace?: number;
}

/** What undo needs of a running drill. */
export function undoDeps({journal, request, prepared, vault, run, sections, turns, heldTime}: ReadyRun): UndoDeps {
  const {connection, means} = prepared;
  const {clock, log} = request;
  return {
    journal,
    turns,
    heldTime,
    deadline: request.undoWithin ?? undoDeadline,
    surroundings: {connection, means, clock, log, vault, run, critical: sections.critical},
  };
}

/** What an attempt at an undo needs. */
export type TakingTurns = UndoDeps & {turns: Turns};
