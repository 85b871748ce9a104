import {DrillError, messageOf} from '../../io/errors.ts';
import type {JsonObject} from '../../io/json.ts';
import {meansFor} from '../../outside/means.ts';
import type {ProbeContext, Reading} from '../../probes/define.ts';
import {probeOf} from '../../probes/index.ts';
import {compileExpect, parseInput, resolveLate} from '../../scenario/index.ts';
import {makeJudge} from '../prober/judge.ts';
import {type ReadyRun, scopeOf} from '../session.ts';

/** A probe kind asked once, from the runner: a check, a `waitFor`, a control. */
export interface Question {
  /** Where it stands in the scenario, for messages. */
  path: string;
  uses: string;
  with: JsonObject;
  expect?: string;
  /** Name of a control of the kind: the same question against something that must be bad. */
  control?: string;
  /** What the same check saw in `steady`. */
  before?: JsonObject;
}

/** What a probe asked from the runner may use, whatever it is asked. */
export function runnerContext(
  {request, prepared}: Pick<ReadyRun, 'request' | 'prepared'>,
  signal: AbortSignal,
): Omit<ProbeContext, 'timeout' | 'judge'> {
  return {
    signal,
    clock: request.clock,
    dial: request.dial,
    cluster: prepared.connection.reader,
    defaultNamespace: request.namespace ?? prepared.connection.namespace,
  };
}

/** Asks once. Never rejects but when aborted: what could not be asked is blind, with a fault when the question is wrong. */
export async function ask(
  runtime: ReadyRun,
  question: Question,
  {signal, timeout}: {signal: AbortSignal; timeout: number},
): Promise<Reading> {
  try {
    const definition = probeOf(question.uses);
    const {value} = resolveLate(question.with, runtime.scope);
    let input = parseInput(definition.input, value, `${question.path}.with`);
    if (question.control !== undefined) {
      const variant = definition.controls?.[question.control]?.(input);
      if (variant === undefined) {
        return {state: 'blind', detail: `${question.uses} has no control ${question.control} for this`};
      }
      input = variant;
    }
    const scope = {...scopeOf(runtime), ...(question.before === undefined ? {} : {before: question.before})};
    const judge = makeJudge(definition, input, compileExpect(question.expect ?? definition.defaultExpect), scope);
    const {look} = meansFor(definition, runtime.prepared.means);
    return await definition.sample({...look, ...runnerContext(runtime, signal), timeout, judge}, input);
  } catch (error) {
    signal.throwIfAborted();
    return {
      state: 'blind',
      detail: messageOf(error),
      ...(error instanceof DrillError ? {fault: 'expect' as const} : {}),
    };
  }
}
