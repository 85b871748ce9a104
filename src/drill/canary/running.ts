import {join} from 'node:path';
import type {Mutate} from '../../actions/define.ts';
import type {Canary, ResidentCanary, WritingCanary} from '../../canary/define.ts';
import {messageOf, RefusedError} from '../../io/errors.ts';
import {type SampleState, withoutSecrets} from '../../io/sample.ts';
import type {CanaryRecord} from '../../journal/types.ts';
import {toRanges} from '../../measure/ranges.ts';
import {startSampler} from '../../measure/sampler.ts';
import {openSeries} from '../../measure/series.ts';
import type {Runtime} from '../runtime.ts';

/** One canary of a run. */
export interface RunningCanary {
  prove(signal: AbortSignal): Promise<void>;
  count(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds between two attempts to read; for one attempt; and for all of them together. */
const reading = {again: 500, timeout: 5000, within: 5000, after: 12_000};

/** Milliseconds beyond its own time that `steady` may last with canaries: a first write, then reading it back. */
export const proveWithin = (every: number): number => every + reading.within + reading.timeout;
/** Milliseconds beyond its own time that `verify` may last with canaries. */
export const countWithin = reading.after + reading.timeout;

/** A write without an answer is over after this long (milliseconds): several intervals, as one is under way at most. */
const writeTimeout = (every: number) => Math.min(5000, Math.max(1000, every));

const states: Readonly<Record<string, SampleState>> = {acknowledged: 'ok', refused: 'bad', unknown: 'blind'};

/** Writes numbers at a fixed rate from now on, and keeps what became of each in a file of its own. */
export async function writeNumbers(
  runtime: Runtime,
  mutate: Mutate,
  {name, every}: CanaryRecord,
  canary: WritingCanary,
): Promise<RunningCanary> {
  const {request, journal, folder, redactor} = runtime;
  const {clock, log} = request;
  const file = `series/canary-${name}.jsonl`;
  const lost = (error: unknown) => log.error('a write of a canary could not be noted', {error: messageOf(error)});
  const series = await openSeries(join(folder, file), lost);
  // On disk before the first write. The call itself is empty: the writes follow under this intent.
  await mutate(await canary.cover(), async () => undefined);
  await journal.append({type: 'canary.opened', canary: name, file});
  const acknowledged = new Map<number, number>();
  let tried = -1;
  const over = new AbortController();
  const sampler = startSampler({
    clock,
    series: [
      {
        name,
        every,
        sample: async (number) => {
          tried = number;
          const {state, detail} = await canary.write(number, {signal: over.signal, timeout: writeTimeout(every)});
          return {state: states[state] ?? 'blind', ...(detail === undefined ? {} : {detail})};
        },
      },
    ],
    onSample: (_, sample) => {
      if (sample.state === 'ok') acknowledged.set(sample.seq, sample.end);
      series.append(withoutSecrets(sample, redactor));
    },
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= sampler.stop().then(() => series.close().catch(lost));
    return stopping;
  };
  return {
    prove: async (signal) => {
      const deadline = clock.mono() + every + reading.within;
      let wrong = 'no write was acknowledged';
      for (;;) {
        if (acknowledged.size > 0) {
          const asked = clock.mono();
          const answer = await readOnce(canary, signal);
          if ('error' in answer) wrong = `it cannot be read back: ${answer.error}`;
          else {
            const present = new Set(answer.numbers);
            const missing = [...acknowledged].filter(([number, end]) => end <= asked && !present.has(number));
            const foreign = answer.numbers.filter((number) => number > tried);
            if (missing.length === 0 && foreign.length === 0) {
              await note(runtime, name, 'before', asked, answer);
              return;
            }
            wrong =
              foreign.length > 0
                ? `the store names numbers that were never written, such as ${foreign[0]}`
                : `${missing.length} acknowledged writes cannot be read back, such as number ${missing[0]?.[0]}`;
          }
        }
        if (clock.mono() >= deadline) throw untrusted(name, wrong);
        await clock.sleep(reading.again, signal);
      }
    },
    count: async (signal) => {
      await stop();
      await readAfter(runtime, name, canary, signal);
    },
    stop,
  };
}

/** Looks at a resident canary again and again: every number that was ever there was acknowledged. */
export async function watchResident(
  runtime: Runtime,
  {name, every}: CanaryRecord,
  canary: ResidentCanary,
): Promise<RunningCanary> {
  const {clock} = runtime.request;
  const {resident} = canary;
  const known = new Set<number>();
  await runtime.journal.append({type: 'canary.opened', canary: name, resident});
  const over = new AbortController();
  const sampler = startSampler({
    clock,
    series: [
      {
        name,
        every,
        sample: async () => {
          const answer = await readOnce(canary, over.signal);
          if ('error' in answer) return {state: 'blind', detail: answer.error};
          for (const number of answer.numbers) known.add(number);
          return {state: 'ok'};
        },
      },
    ],
    onSample: () => undefined,
  });
  return {
    prove: async (signal) => {
      const asked = clock.mono();
      const answer = await readOnce(canary, signal);
      if ('error' in answer) throw untrusted(name, `it cannot be read: ${answer.error}`);
      const last = Math.max(...answer.numbers);
      const age = clock.wall().getTime() - (last + 1) * resident.every;
      if (answer.numbers.length === 0) throw untrusted(name, 'it has written nothing yet');
      if (age > 2 * resident.every) throw untrusted(name, `its last write is ${Math.round(age / 60_000)} minutes old`);
      for (const number of answer.numbers) known.add(number);
      await note(runtime, name, 'before', asked, answer);
    },
    count: async (signal) => {
      await sampler.stop();
      await note(runtime, name, 'known', clock.mono(), {numbers: [...known]});
      await readAfter(runtime, name, canary, signal);
    },
    stop: async () => {
      over.abort();
      await sampler.stop();
    },
  };
}

type Answer = {numbers: number[]} | {error: string};

async function readOnce(canary: Canary, signal: AbortSignal): Promise<Answer> {
  try {
    return {numbers: await canary.read({signal, timeout: reading.timeout})};
  } catch (error) {
    signal.throwIfAborted();
    return {error: messageOf(error)};
  }
}

/** What survived; asked again for a while when the store does not say, as it may be just about to be back. */
async function readAfter(runtime: Runtime, name: string, canary: Canary, signal: AbortSignal): Promise<void> {
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

async function note(
  {journal, request}: Runtime,
  canary: string,
  moment: 'before' | 'known' | 'after',
  start: number,
  answer: Answer,
): Promise<void> {
  const said = 'error' in answer ? {error: answer.error} : {present: toRanges(answer.numbers)};
  await journal.append({type: 'canary.read', canary, moment, start, end: request.clock.mono(), ...said});
}

const untrusted = (name: string, why: string) =>
  new RefusedError(`the canary ${name} proves nothing: ${why}`, {
    code: 'E_CANARY',
    hint: 'What it writes must be readable before the fault; else nothing can be said about what is lost after it.',
  });
