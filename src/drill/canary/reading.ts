import type {Canary} from '../../canary/define.ts';
import {messageOf, RefusedError} from '../../io/errors.ts';
import {toRanges} from '../../measure/ranges.ts';
import type {ReadyRun} from '../session.ts';

/** One canary of a run. */
export interface RunningCanary {
  prove(signal: AbortSignal): Promise<void>;
  count(signal: AbortSignal): Promise<void>;
  /** Ends the writing; resolves when no write can arrive any more, as far as one can know. */
  stop(): Promise<void>;
}

/** Milliseconds between two attempts to read; for one attempt; and for all of them together. */
export const reading = {again: 500, timeout: 5000, within: 5000, after: 12_000};

/** Milliseconds beyond its own time that `steady` may last with canaries: a first write, then reading it back. */
export const proveWithin = (every: number): number => every + reading.within + reading.timeout;
/** Milliseconds beyond its own time that `verify` may last with canaries. */
export const countWithin = reading.after + reading.timeout;

/** What a store holds of a canary, or why it does not say. */
export type Holding = {numbers: number[]} | {error: string};

/** One attempt to read. Rejects only when aborted. */
export async function readOnce(canary: Canary, signal: AbortSignal): Promise<Holding> {
  try {
    return {numbers: await canary.read({signal, timeout: reading.timeout})};
  } catch (error) {
    signal.throwIfAborted();
    return {error: messageOf(error)};
  }
}

/** What survived; asked again for a while when the store does not say, as it may be just about to be back. */
export async function readAfter(runtime: ReadyRun, name: string, canary: Canary, signal: AbortSignal): Promise<void> {
  const {clock} = runtime.request;
  const deadline = clock.mono() + reading.after;
  for (;;) {
    const asked = clock.mono();
    const answer = await readOnce(canary, signal);
    if (!('error' in answer) || asked >= deadline) {
      await note(runtime, name, 'after', asked, answer);
      return;
    }
    await clock.sleep(reading.again, signal);
  }
}

/** Notes what a store was seen to hold. */
export async function note(
  {journal, request}: ReadyRun,
  canary: string,
  moment: 'before' | 'known' | 'after',
  start: number,
  answer: Holding,
): Promise<void> {
  const said = 'error' in answer ? {error: answer.error} : {present: toRanges(answer.numbers)};
  await journal.append({type: 'canary.read', canary, moment, start, end: request.clock.mono(), ...said});
}

/** Why a run is refused: a canary that cannot be read back before the fault. */
export const untrusted = (name: string, why: string) =>
  new RefusedError(`the canary ${name} proves nothing: ${why}`, {
    code: 'E_CANARY',
    hint: 'What it writes must be readable before the fault; else nothing can be said about what is lost after it.',
  });
