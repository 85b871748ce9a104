import {setImmediate as afterPoll} from 'node:timers/promises';
import {messageOf} from '../io/errors.ts';
import type {Observation, ProbeContext, Reading} from './define.ts';

/** A timer that fires later than this (milliseconds) says more about this process than about what was asked. */
const stallTolerance = 50;

/**
 * Errors of this end of the line: no descriptors, no memory, no local port, the own interface down, sending forbidden
 * by a local rule. Nothing was asked, so the sample is blind. Everything else (refused, reset, no route, TLS, an answer
 * that makes no sense) is what a user at this place would have seen: bad.
 */
const localFailures = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'ENORESOLVER',
]);

/** An attempt that ended without an answer; `code` becomes the sample's detail. */
export class AttemptError extends Error {
  readonly code: string;

  constructor(code: string, message = code) {
    super(message);
    this.name = 'AttemptError';
    this.code = code;
  }
}

/** What a failed attempt says: blind when this end could not ask, else bad, with the error's code. */
export function readingOf(error: unknown): Reading {
  const code = codeOf(error);
  return {state: localFailures.has(code) ? 'blind' : 'bad', detail: code};
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return messageOf(error);
}

const stopped: Reading = {state: 'blind', detail: 'stopped'};

/**
 * Runs one attempt inside `ctx.timeout`. `work` gets a signal that fires when the attempt is over, and must let go of
 * its connection then; its rejection becomes a reading. `silence` says what no answer in time means. Never rejects.
 *
 * When this process stood still, answers lie unread while the timer fires. So the attempt gets the time back that it
 * lost, once; if the process stood still again, its silence proves nothing: blind.
 */
export async function attempt(
  ctx: Pick<ProbeContext, 'signal' | 'timeout' | 'clock'>,
  work: (signal: AbortSignal) => Promise<Reading>,
  silence: 'bad' | 'blind' = 'bad',
): Promise<Reading> {
  if (ctx.signal.aborted) return stopped;
  const over = new AbortController();
  const stop = () => over.abort();
  ctx.signal.addEventListener('abort', stop, {once: true});
  // Work that is cut short says so in its own way, which is no answer of what was asked.
  const answer = work(over.signal).catch((error: unknown) => (ctx.signal.aborted ? stopped : readingOf(error)));
  const deadline = outOfTime(ctx, over.signal).then(
    (stalled): Reading => (stalled ? {state: 'blind', detail: 'stalled'} : {state: silence, detail: 'timeout'}),
    () => stopped,
  );
  try {
    return await Promise.race([answer, deadline]);
  } finally {
    ctx.signal.removeEventListener('abort', stop);
    over.abort();
  }
}

/** Resolves when an attempt has had its time: true when this process stood still and cannot tell. */
async function outOfTime({clock, timeout}: Pick<ProbeContext, 'clock' | 'timeout'>, signal: AbortSignal) {
  const lateness = async (ms: number) => {
    const due = clock.mono() + ms;
    await clock.sleep(ms, signal);
    const late = clock.mono() - due;
    // One turn of the event loop, in which what has arrived is read.
    await afterPoll();
    return late;
  };
  const lost = await lateness(timeout);
  return lost > stallTolerance && (await lateness(Math.min(lost, timeout))) > stallTolerance;
}

/** The judgement of an observation, with what was seen; `detail` says what a plain no was about. */
export function judged(ctx: Pick<ProbeContext, 'judge'>, observation: Observation, detail?: string): Reading {
  const reading = ctx.judge(observation);
  const withDetail = reading.state === 'ok' || reading.detail !== undefined || detail === undefined;
  return {...reading, ...(withDetail ? {} : {detail}), observation};
}
