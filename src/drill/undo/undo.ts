import type {ClusterError} from '../../cluster/errors.ts';
import {messageOf, StepError} from '../../io/errors.ts';
import {cleanupOf, isKept, type Mutation, outstanding} from '../../journal/recover.ts';
import type {Cleanup} from '../../journal/types.ts';
import type {Journal} from '../../journal/write.ts';
import {type UndoSurroundings, undoContext} from '../contexts.ts';
import {isOfLock} from '../lock/undos.ts';
import type {ReadyRun} from '../session.ts';
import {giveBack} from './give-back.ts';
import {keep, type Outcome} from './keep.ts';
import {ownWork, type UndoneBy} from './own-work.ts';
import {undoOf} from './registry.ts';
import {again, isUnavailable, type Look, untilAnswered} from './tries.ts';
import {dataOf} from './undo-data.ts';

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
}

/** What undo needs of a running drill. */
export function undoDeps({journal, request, prepared, vault, run, sections}: ReadyRun): UndoDeps {
  const {connection, means} = prepared;
  const {clock, log} = request;
  return {
    journal,
    deadline: request.undoWithin ?? undoDeadline,
    surroundings: {connection, means, clock, log, vault, run, critical: sections.critical},
  };
}

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
  const patience = {spent: false};
  let healedBy: number | undefined;
  const play = async (mutation: Mutation) => {
    await before?.(mutation);
    if (!waits(mutation)) return await undoOne({...deps, patience}, mutation, by);
    healedBy ??= clock.mono() + deps.deadline;
    // When the time is over for all, each still has a look.
    const deadline = Math.max(oneLook, healedBy - clock.mono());
    return await undoOne({...deps, patience, deadline}, mutation, by);
  };
  const open = outstanding(journal.entries).filter((one) => !isLock(one));
  for (const mutation of open.toSorted((one, other) => rankOf(one) - rankOf(other))) await play(mutation);
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

/** What only waits for the platform: that may need everything else to be taken back. */
const rankOf = (mutation: Mutation): number => (waits(mutation) ? 1 : 0);

function waits(mutation: Mutation): boolean {
  const definition = undoOf(mutation.undo.kind);
  return definition?.waits === true || (isKept(mutation) && definition?.stays === undefined);
}

/** Takes back the mutations of one step, newest first: the step form `undo`. Rejects when one could not be. */
export async function undoStep(deps: UndoDeps, step: string): Promise<number> {
  const mutations = outstanding(deps.journal.entries).filter((mutation) => isOfStep(mutation, step));
  for (const mutation of mutations) {
    const outcome = await undoOne(deps, mutation, 'step');
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

async function undoOne(deps: UndoDeps, mutation: Mutation, by: UndoneBy): Promise<Outcome> {
  const {journal} = deps;
  // A full disk must not keep the cluster broken: undo goes on with what is in memory.
  await journal
    .commit({type: 'undo.started', mutation: mutation.id, kind: mutation.undo.kind, by})
    .catch(() => undefined);
  const outcome = await attempt(deps, mutation, by);
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

async function attempt(deps: UndoDeps, mutation: Mutation, by: UndoneBy): Promise<Outcome> {
  const {surroundings, deadline, journal, patience = {spent: false}} = deps;
  const {vault} = surroundings;
  const {target, undo} = mutation;
  const definition = undoOf(undo.kind);
  if (definition === undefined) {
    return {state: 'failed', detail: `this version of kubedrill has no undo of the kind ${undo.kind}`};
  }
  const data = await dataOf(undo, vault);
  if (data === undefined) return {state: 'failed', detail: 'its undo record is no longer in the vault'};
  const parsed = definition.schema.safeParse(data);
  if (!parsed.success) return {state: 'failed', detail: `its undo record cannot be read: ${parsed.error.message}`};
  const command = definition.command(parsed.data, target);
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new Error(`not done within ${Math.round(deadline / 100) / 10} s`)),
    deadline,
  );
  const {signal} = controller;
  let met: ClusterError | undefined;
  const onFailure = (error: ClusterError) => {
    met = error;
  };
  const bound = {clock: surroundings.clock, signal, patience, onFailure};
  const play = async (): Promise<Look> => {
    const own = await ownWork(journal.entries, mutation.id, {by, vault});
    const context = undoContext(definition, surroundings, {own, signal});
    const settled = async (outcome: Outcome) =>
      (await giveBack(context, mutation, {data: parsed.data, entries: journal.entries})) ?? outcome;
    if (isKept(mutation)) {
      const outcome = await keep(definition, context, {data: parsed.data, target});
      return {outcome: outcome.state === 'kept' ? await settled(outcome) : outcome, idle: false};
    }
    const outcome = await definition.run(context, parsed.data, target);
    [met, patience.spent] = [undefined, false];
    if (outcome.state === 'conflict' || outcome.state === 'failed')
      return {outcome: {command, ...outcome}, idle: false};
    const seen = await definition.verify(context, parsed.data, target);
    const idle = outcome.state === 'already';
    if (seen.ok) return {outcome: await settled(outcome), idle};
    return {outcome: {state: 'failed', detail: `undone, but read back otherwise: ${seen.detail}`, command}, idle};
  };
  try {
    return await settle(
      untilAnswered(bound, mutation, () => again(bound, play)),
      signal,
    );
  } catch (error) {
    if (!signal.aborted || met === undefined) return {state: 'failed', detail: messageOf(error), command};
    patience.spent ||= isUnavailable(met);
    return {state: 'failed', detail: `${messageOf(error)}: ${met.message}`, command};
  } finally {
    clearTimeout(timer);
  }
}

/** An undo that ignores its signal is left behind at its deadline rather than waited for. */
function settle<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), {once: true});
    work.then(resolve, reject);
  });
}
