import type {ClusterError} from '../../cluster/errors.ts';
import {messageOf} from '../../io/errors.ts';
import {killGrace} from '../../io/exec.ts';
import {isKept, type Mutation} from '../../journal/recover.ts';
import {undoContext} from '../contexts.ts';
import type {TakingTurns} from './deps.ts';
import {giveBack} from './give-back.ts';
import {keep, type Outcome} from './keep.ts';
import {ownWork, type UndoneBy} from './own-work.ts';
import {undoOf} from './registry.ts';
import {again, isUnavailable, type Look, untilAnswered} from './tries.ts';
import {dataOf} from './undo-data.ts';

/** Milliseconds in which a program that an undo has started is killed, and has ended, once it is to end. */
const undoGrace = killGrace + 1000;

/**
 * Plays one undo, or the wait until what it took back has come to rest, within its deadline, and tries again what has
 * failed in passing. Never rejects: what it could not do is its outcome.
 */
export async function attempt(
  deps: TakingTurns,
  mutation: Mutation,
  {by, stage}: {by: UndoneBy; stage: 'run' | 'rest'},
): Promise<Outcome> {
  const {surroundings, deadline, journal, turns, heldTime, patience = {spent: false}, grace = undoGrace} = deps;
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
    const context = undoContext(definition, surroundings, {own, signal, ...(heldTime === undefined ? {} : {heldTime})});
    if (stage === 'rest') {
      const rested = await definition.rest?.(context, parsed.data, target);
      return {outcome: rested === undefined ? {state: 'already'} : {command, ...rested}, idle: false};
    }
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
    const work = turns.after(mutation.id, () => untilAnswered(bound, mutation, () => again(bound, play)));
    return await settle(work, signal, grace);
  } catch (error) {
    if (!signal.aborted || met === undefined) return {state: 'failed', detail: messageOf(error), command};
    patience.spent ||= isUnavailable(met);
    return {state: 'failed', detail: `${messageOf(error)}: ${met.message}`, command};
  } finally {
    clearTimeout(timer);
  }
}

/**
 * An undo that ignores its signal is left behind, and what it has begun with it, some time after its deadline rather than
 * waited for. One that heeds it says what it was waiting for.
 */
async function settle<T>(work: Promise<T>, signal: AbortSignal, grace: number): Promise<T> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => over.abort(signal.reason), grace);
  };
  signal.addEventListener('abort', onAbort, {once: true});
  try {
    return await unlessAborted(work, over.signal);
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  }
}

/** What work comes to, unless the signal is aborted before: then its reason. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, {once: true});
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
