import type {CheckMoment, CheckRecord, Wanted} from '../../journal/plan.ts';
import type {Reading} from '../../probes/define.ts';
import type {ReadyRun} from '../session.ts';
import {ask, type Question} from './ask.ts';

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
  const before = runtime.before.get(check.name);
  const question = {
    path: `verify.checks[${check.name}]`,
    uses: check.uses,
    with: check.with,
    ...(check.expect === undefined ? {} : {expect: check.expect}),
    ...(moment === 'control' && check.control !== undefined ? {control: check.control} : {}),
    ...(before === undefined ? {} : {before}),
  };
  const {observation, ...answer} = await answerTo(runtime, question, signal);
  if (moment === 'before' && observation !== undefined) runtime.before.set(check.name, observation);
  return answer;
}

/** Asks one question once, with what was observed. Rejects only when aborted. */
export async function answerTo(
  runtime: ReadyRun,
  question: Question,
  signal: AbortSignal,
): Promise<CheckAnswer & Pick<Reading, 'observation'>> {
  const {clock} = runtime.request;
  const start = clock.mono();
  const reading = await ask(runtime, question, {signal, timeout: askTimeout});
  const {detail, observation} = reading;
  return {
    answer: answerOf(reading),
    start,
    end: clock.mono(),
    ...(detail === undefined ? {} : {detail}),
    ...(observation === undefined ? {} : {observation}),
  };
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
