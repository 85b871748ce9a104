import {createHeldTime} from '../../actions/object/held-time.ts';
import {StepError} from '../../io/errors.ts';
import {cleanupOf, isKept, type Mutation, outstanding} from '../../journal/recover.ts';
import type {Cleanup} from '../../journal/types.ts';
import {isOfLock} from '../lock/undos.ts';
import {attempt, unlessAborted} from './attempt.ts';
import type {TakingTurns, UndoDeps} from './deps.ts';
import type {Outcome} from './keep.ts';
import type {UndoneBy} from './own-work.ts';
import {undoOf} from './registry.ts';
import {createTurns} from './turns.ts';

/** Milliseconds for a look at what the platform should have healed long ago. */
const oneLook = 2000;

interface UndoHooks {
  /** Before each mutation is taken back. */
  before?: (mutation: Mutation) => Promise<void>;
  /** When all is taken back but the lock: nobody else may begin yet. */
  settled?: () => Promise<void>;
}

/**
 * Takes back what is outstanding, newest first, each with its own deadline, going on past failures. What the platform
 * heals is waited for once nothing is broken any more, for all within one deadline. The lock goes last, also one that a
 * rollback has taken after everything else.
 * Never rejects for an undo that failed: that ends as `failed` in the journal, and the run as dirty.
 */
export async function undoAll(
  deps: UndoDeps,
  by: 'undo' | 'rollback',
  {before, settled}: UndoHooks = {},
): Promise<Cleanup> {
  const {journal, surroundings} = deps;
  const {clock} = surroundings;
  const sweep = {
    ...deps,
    turns: deps.turns ?? createTurns(),
    heldTime: deps.heldTime ?? createHeldTime(deps.deadline),
    patience: {spent: false},
  };
  let healedBy: number | undefined;
  const play = async (mutation: Mutation) => {
    await before?.(mutation);
    let isOurs = false;
    const outcome = await sweep.turns.take(mutation.id, async () => {
      isOurs = true;
      return await begin({...sweep, ...(waits(mutation) ? healing() : {})}, mutation, by);
    });
    // The undo of a step was still on, and has told its end.
    if (!isOurs) return;
    if (rests(mutation, outcome)) resting.push({mutation, outcome});
    else await end(sweep, mutation, outcome);
  };
  const healing = () => {
    healedBy ??= clock.mono() + deps.deadline;
    // When the time is over for all, each still has a look.
    return {deadline: Math.max(oneLook, healedBy - clock.mono())};
  };
  const resting: {mutation: Mutation; outcome: Outcome}[] = [];
  const open = outstanding(journal.entries).filter((one) => !isLock(one));
  for (const mutation of open.filter((one) => !waits(one))) await play(mutation);
  for (const {mutation, outcome} of resting)
    await end(sweep, mutation, await rest({...sweep, ...healing()}, mutation, {by, outcome}));
  for (const mutation of open.filter(waits)) await play(mutation);
  await settled?.();
  // Looked up one by one: as long as the lock is held, it may have to be put into the cluster again.
  const tried = new Set<string>();
  for (;;) {
    const next = outstanding(journal.entries).find((one) => isLock(one) && !tried.has(one.id));
    if (next === undefined) return cleanupOf(journal.entries);
    tried.add(next.id);
    await play(next);
  }
}

const isLock = ({undo}: Mutation): boolean => isOfLock(undo);

function waits(mutation: Mutation): boolean {
  const definition = undoOf(mutation.undo.kind);
  return definition?.waits === true || (isKept(mutation) && definition?.stays === undefined);
}

/** Whether what was taken back has to come to rest before it counts as undone. */
function rests(mutation: Mutation, {state}: Outcome): boolean {
  const {undo} = mutation;
  const definition = undoOf(undo.kind);
  if ((state !== 'undone' && state !== 'already') || isKept(mutation) || definition?.rests === undefined) return false;
  const data = definition.schema.safeParse(undo.data);
  // What stands in the vault is looked at when it comes to it.
  return !data.success || definition.rests(data.data);
}

/**
 * Takes back the mutations of one step, newest first: the step form `undo`. Rejects when one could not be. Rejects with
 * the signal's reason when it is aborted: no other undo is begun, and the one that is on goes on; whoever wants the same
 * waits for it.
 */
export async function undoStep(deps: UndoDeps, step: string, signal = new AbortController().signal): Promise<number> {
  const mutations = outstanding(deps.journal.entries).filter((mutation) => isOfStep(mutation, step));
  for (const mutation of mutations) {
    signal.throwIfAborted();
    const outcome = await unlessAborted(undoOne(deps, mutation, 'step'), signal);
    if (outcome.state === 'failed' || outcome.state === 'conflict') {
      throw new StepError(`${mutation.target.kind} ${mutation.target.name}: ${outcome.detail}`, {
        code: 'E_UNDO',
        ...(outcome.command === undefined ? {} : {hint: outcome.command}),
      });
    }
  }
  return mutations.length;
}

/** Steps inside `parallel` have paths below that of the parallel step. */
function isOfStep(mutation: Mutation, step: string): boolean {
  return mutation.step === step || mutation.step?.startsWith(`${step}.`) === true;
}

/** One undo of a mutation at a time: that of a step that was stopped may still be on. */
async function undoOne(given: UndoDeps, mutation: Mutation, by: UndoneBy): Promise<Outcome> {
  const deps = {...given, turns: given.turns ?? createTurns()};
  return await deps.turns.take(mutation.id, async () => {
    const outcome = await begin(deps, mutation, by);
    return await end(deps, mutation, rests(mutation, outcome) ? await rest(deps, mutation, {by, outcome}) : outcome);
  });
}

/** Takes a mutation back; the journal does not yet say so. */
async function begin(deps: TakingTurns, mutation: Mutation, by: UndoneBy): Promise<Outcome> {
  // A full disk must not keep the cluster broken: undo goes on with what is in memory.
  await deps.journal
    .commit({type: 'undo.started', mutation: mutation.id, kind: mutation.undo.kind, by})
    .catch(() => undefined);
  return await attempt(deps, mutation, {by, stage: 'run'});
}

/** Waits until what was taken back has come to rest; else it is not undone. */
async function rest(
  deps: TakingTurns,
  mutation: Mutation,
  {by, outcome}: {by: UndoneBy; outcome: Outcome},
): Promise<Outcome> {
  const rested = await attempt(deps, mutation, {by, stage: 'rest'});
  return rested.state === 'already' ? outcome : rested;
}

async function end({journal, heldTime}: UndoDeps, mutation: Mutation, outcome: Outcome): Promise<Outcome> {
  // What the drill has changed may have kept somebody from letting go.
  if (outcome.state === 'undone' && mutation.role !== 'fixture') heldTime?.renew();
  await journal
    .commit({
      type: 'undo.ended',
      mutation: mutation.id,
      state: outcome.state,
      ...(outcome.detail === undefined ? {} : {detail: outcome.detail}),
      ...('command' in outcome && outcome.command !== undefined ? {command: outcome.command} : {}),
      ...('uid' in outcome && outcome.uid !== undefined ? {uid: outcome.uid} : {}),
    })
    .catch(() => undefined);
  return outcome;
}
