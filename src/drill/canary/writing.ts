import {join} from 'node:path';
import type {Mutate} from '../../actions/define.ts';
import type {WritingCanary} from '../../canary/define.ts';
import {messageOf} from '../../io/errors.ts';
import {type SampleState, withoutSecrets} from '../../io/sample.ts';
import type {CanaryRecord} from '../../journal/plan.ts';
import {startSampler} from '../../measure/sampler.ts';
import {openSeries} from '../../measure/series.ts';
import type {ReadyRun} from '../session.ts';
import {note, type RunningCanary, readAfter, reading, readOnce, untrusted} from './reading.ts';

/** A write without an answer is over after this long (milliseconds): several intervals, as one is under way at most. */
const writeTimeout = (every: number) => Math.min(5000, Math.max(1000, every));

/**
 * Milliseconds after its start when a write without an answer is declared lost. Until then its store may take it: a
 * request waits in proxies and queues, and etcd gives one up after some seconds.
 */
const lostAfter = 15_000;

const states: Readonly<Record<string, SampleState>> = {acknowledged: 'ok', refused: 'bad', unknown: 'blind'};

/** Writes numbers at a fixed rate from now on, and keeps what became of each in a file of its own. */
export async function writeNumbers(
  runtime: ReadyRun,
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
  /** When the last write began of which nobody knows whether it was taken. */
  let unknownSince: number | undefined;
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
      if (sample.state === 'blind') unknownSince = sample.start;
      series.append(withoutSecrets(sample, redactor));
    },
  });
  /** Why the numbers read at an instant cannot be what was written. */
  const doubt = (numbers: readonly number[], asked: number): string | undefined => {
    const present = new Set(numbers);
    const foreign = numbers.find((number) => number > tried);
    if (foreign !== undefined) return `the store names numbers that were never written, such as ${foreign}`;
    const missing = [...acknowledged].filter(([number, end]) => end <= asked && !present.has(number));
    if (missing.length === 0) return undefined;
    return `${missing.length} acknowledged writes cannot be read back, such as number ${missing[0]?.[0]}`;
  };
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= sampler.stop().then(() => series.close().catch(lost));
    return ending;
  };
  return {
    prove: async (signal) => {
      const deadline = clock.mono() + every + reading.within;
      for (;;) {
        const asked = clock.mono();
        const answer = acknowledged.size === 0 ? {error: 'no write was acknowledged'} : await readOnce(canary, signal);
        const wrong = 'error' in answer ? answer.error : doubt(answer.numbers, asked);
        if (wrong === undefined) return await note(runtime, name, 'before', asked, answer);
        if (asked >= deadline) throw untrusted(name, wrong);
        await clock.sleep(reading.again, signal);
      }
    },
    count: async (signal) => {
      await end();
      await readAfter(runtime, name, canary, signal);
    },
    stop: async () => {
      await end();
      // The undo must not look before every write has settled or is lost.
      if (unknownSince !== undefined) await clock.sleep(unknownSince + lostAfter - clock.mono());
    },
  };
}
