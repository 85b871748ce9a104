import type {CheckMoment, CheckRecord, Wanted} from '../../journal/plan.ts';
import type {Reading} from '../../probes/define.ts';
import type {ReadyRun} from '../session.ts';
import {ask} from './ask.ts';

/** What a check came to. */
export type CheckState = 'pass' | 'fail' | 'blind' | 'error';

/** A check's answer at one moment. `start` and `end` are on the runner's clock. */
export interface CheckAnswer {
  answer: CheckState;
  start: number;
  end: number;
  detail?: string;
}

/** Milliseconds that one question may take: an API server under load is slow, not absent. */
const askTimeout = 5000;

/** Asks one check once. Rejects only when aborted. */
export async function askCheck(
  runtime: ReadyRun,
  check: CheckRecord,
  moment: CheckMoment | 'control',
  signal: AbortSignal,
): Promise<CheckAnswer> {
  const {clock} = runtime.request;
  const before = runtime.before.get(check.name);
  const start = clock.mono();
  const reading = await ask(
    runtime,
    {
      path: `verify.checks[${check.name}]`,
      uses: check.uses,
      with: check.with,
      ...(check.expect === undefined ? {} : {expect: check.expect}),
      ...(moment === 'control' && check.control !== undefined ? {control: check.control} : {}),
      ...(before === undefined ? {} : {before}),
    },
    {signal, timeout: askTimeout},
  );
  if (moment === 'before' && reading.observation !== undefined) runtime.before.set(check.name, reading.observation);
  const detail = reading.detail;
  return {answer: answerOf(reading), start, end: clock.mono(), ...(detail === undefined ? {} : {detail})};
}

function answerOf({state, fault}: Reading): CheckState {
  if (fault !== undefined) return 'error';
  return state === 'ok' ? 'pass' : state === 'bad' ? 'fail' : 'blind';
}

/** Notes answers, each only when it differs from the one noted before at the same moment. */
export class CheckLog {
  readonly #runtime: ReadyRun;
  readonly #noted = new Map<string, string>();

  constructor(runtime: ReadyRun) {
    this.#runtime = runtime;
  }

  async note(
    check: CheckRecord,
    moment: CheckMoment | 'control',
    {answer, start, end, detail}: CheckAnswer,
  ): Promise<void> {
    const key = `${moment}/${check.name}`;
    const said = `${answer}/${detail ?? ''}`;
    if (this.#noted.get(key) === said) return;
    this.#noted.set(key, said);
    await this.#runtime.journal.append({
      type: 'check.answered',
      check: check.name,
      moment,
      answer,
      start,
      end,
      ...(detail === undefined ? {} : {detail}),
    });
  }
}

/** Whether an answer is the one that the scenario declares. `skip` wants nothing. */
export function asWanted(answer: CheckState, wanted: Wanted): boolean {
  return wanted === 'skip' || answer === wanted;
}
