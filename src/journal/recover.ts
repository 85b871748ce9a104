import type {Target} from '../io/target.ts';
import type {Cleanup, ErrorRecord, JournalEntry, Phase, Role, UndoRecordEntry} from './types.ts';
import type {Difference} from './world.ts';

/** A mutation as the journal tells it. */
export interface Mutation {
  id: string;
  role: Role;
  phase: Phase;
  step?: string;
  /** With the UID that the API server gave when the mutation created the object. */
  target: Target;
  undo: UndoRecordEntry;
  /** `maybe`: no good answer came, or the process died before it was noted. */
  applied: 'yes' | 'maybe' | 'no';
  /** When the call was begun, by the wall clock, if it may still arrive: nobody has answered it. */
  unanswered?: string;
  /** How its last undo ended; `open` while none did. */
  undone: 'open' | 'undone' | 'already' | 'conflict' | 'failed' | 'kept';
  /** UID of the object that its undo found or made in the place of the deleted one. */
  remade?: string;
  /** What a person can run instead of the undo, when it is known: as its last undo said, or else its record. */
  command?: string;
  /** Outcome of its step; absent while it runs, or without a step. */
  stepOutcome?: string;
}

/** All mutations of a journal, oldest first. Pure: whether to undo derives from the journal, never from the verdict. */
export function mutationsOf(entries: readonly JournalEntry[]): Mutation[] {
  const mutations = new Map<string, Mutation>();
  const outcomes = new Map<string, string>();
  for (const entry of entries) {
    if (entry.type === 'mutation.intent') {
      mutations.set(entry.mutation, {
        id: entry.mutation,
        role: entry.role,
        phase: entry.phase,
        ...(entry.step === undefined ? {} : {step: entry.step}),
        target: entry.target,
        undo: entry.undo,
        applied: 'maybe',
        unanswered: entry.at,
        undone: 'open',
        ...(entry.undo.command === undefined ? {} : {command: entry.undo.command}),
      });
    } else if (entry.type === 'step.ended') {
      outcomes.set(entry.path, entry.outcome);
    } else if ('mutation' in entry) {
      const mutation = mutations.get(entry.mutation);
      if (mutation === undefined) continue;
      if (entry.type === 'mutation.applied') {
        mutation.applied = 'yes';
        delete mutation.unanswered;
        const uid = entry.answer?.uid;
        const name = entry.answer?.name;
        if (typeof uid === 'string') mutation.target = {...mutation.target, uid};
        if (typeof name === 'string') mutation.target = {...mutation.target, name};
      } else if (entry.type === 'mutation.failed') {
        mutation.applied = entry.maybeApplied ? 'maybe' : 'no';
        if (!entry.maybeApplied || isAnswer(entry.error)) delete mutation.unanswered;
      } else if (entry.type === 'undo.ended') {
        mutation.undone = entry.state;
        if (entry.uid !== undefined) mutation.remade = entry.uid;
        if (entry.command !== undefined) mutation.command = entry.command;
      }
    }
  }
  for (const mutation of mutations.values()) {
    const outcome = mutation.step === undefined ? undefined : outcomes.get(mutation.step);
    if (outcome !== undefined) mutation.stepOutcome = outcome;
  }
  return [...mutations.values()];
}

/** Refusals that only an earlier delivery of the same call explains, if it took effect: nothing is on its way any more. */
const answers = ['CONFLICT', 'ALREADY_EXISTS', 'NOT_FOUND', 'GONE'].map((reason) => `E_CLUSTER_${reason}`);
const isAnswer = ({code}: ErrorRecord): boolean => answers.includes(code);

/** What still has to be undone or closed, newest first: the order in which undo goes. */
export function outstanding(entries: readonly JournalEntry[]): Mutation[] {
  return mutationsOf(entries)
    .filter(({applied, undone}) => applied !== 'no' && ['open', 'conflict', 'failed'].includes(undone))
    .reverse();
}

/** What the last comparison with the time before the drill could not explain. */
export function unexplained(entries: readonly JournalEntry[]): Difference[] {
  const last = entries.findLast((entry) => entry.type === 'world.compared');
  return last?.type === 'world.compared' ? last.differences.filter((one) => one.explained === undefined) : [];
}

/**
 * `clean` when nothing is outstanding (every mutation undone, healed, kept, or never made) and nothing is otherwise than
 * before without a reason that is known.
 */
export function cleanupOf(entries: readonly JournalEntry[]): Cleanup {
  return outstanding(entries).length === 0 && unexplained(entries).length === 0 ? 'clean' : 'dirty';
}

/** Whether a recovery stays: its step succeeded, so taking it back would break what it repaired. */
export function isKept({role, stepOutcome}: Mutation): boolean {
  return role === 'recovery' && (stepOutcome === 'done' || stepOutcome === 'deviated');
}

/**
 * Whether a run had its cluster in its own process (`run --practice`): whatever it changed there ended with the process.
 * A practice cluster that was started apart is not that.
 */
export const endsWithProcess = (entries: readonly JournalEntry[]): boolean =>
  entries.some((entry) => entry.type === 'run.started' && entry.practice === true);
