import {formatDuration} from '../../io/duration.ts';
import {StepError} from '../../io/errors.ts';
import type {Reading} from '../../probes/define.ts';
import type {Runtime} from '../runtime.ts';
import type {PlannedStep} from '../session.ts';
import {ask, type Question} from '../watch/ask.ts';
import {fixturesIn, watchFixtures} from '../watch/fixtures.ts';
import type {StepEnd} from './end.ts';

const defaultEvery = 1000;
const defaultWithin = 300_000;

/**
 * Waits until something is ok and stays so for `stableFor`; fails after `within`, and in `prepare` as soon as a fixture
 * turns out not to come.
 */
export async function playWaitFor(
  runtime: Runtime,
  {record, step}: PlannedStep,
  signal: AbortSignal,
): Promise<StepEnd> {
  const {clock} = runtime.request;
  const {every = defaultEvery, within = defaultWithin, stableFor = 0} = step;
  const deadline = clock.mono() + within;
  const fixtures = record.phase === 'prepare' ? watchFixtures(made(runtime)) : undefined;
  let okSince: number | undefined;
  let last: Reading = {state: 'blind', detail: 'never asked'};
  for (;;) {
    const asked = clock.mono();
    last = await read(runtime, {step, record}, every, signal);
    okSince = last.state === 'ok' ? (okSince ?? asked) : undefined;
    const now = clock.mono();
    if (okSince !== undefined && now - okSince >= stableFor) return {outcome: 'done'};
    if (last.state !== 'ok') await fixtures?.check(signal);
    if (now >= deadline) {
      throw new StepError(
        `${record.path}: ${record.text} was not ok within ${formatDuration(within)}: ${last.state}${last.detail ? ` (${last.detail})` : ''}`,
        {code: 'E_WAIT', hint: 'Ask the same by hand, or give it more time with `within`.'},
      );
    }
    await clock.sleep(Math.max(0, Math.min(asked + every, deadline) - now), signal);
  }
}

const made = ({prepared, request, journal}: Runtime) => ({
  cluster: prepared.connection.reader,
  clock: request.clock,
  targets: () => fixturesIn(journal.entries),
});

async function read(
  runtime: Runtime,
  {step, record}: Pick<PlannedStep, 'step' | 'record'>,
  every: number,
  signal: AbortSignal,
): Promise<Reading> {
  const {probe, uses = '', with: input = {}, expect} = step.waitFor ?? {};
  if (probe !== undefined) return runtime.probing?.latest(probe) ?? {state: 'blind', detail: 'not sampled yet'};
  const question: Question = {path: record.path, uses, with: input, ...(expect === undefined ? {} : {expect})};
  // Asking may take longer than the interval: an API server under load is slow, not absent.
  return await ask(runtime, question, {signal, timeout: Math.max(every, 5000)});
}
