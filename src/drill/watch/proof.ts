import type {ReadyRun} from '../session.ts';
import {answerTo} from './checks.ts';

/** Where the scenario's own proof stands, and under which name the journal has it. */
export const proofPath = 'effect.prove';

/**
 * Asks `effect.prove` right before the fault: only what is not so by then can show that the fault took effect. Asked
 * twice, so that an `expect` which compares itself with `before` has something to compare with, and one that differs by
 * itself from one question to the next is found out. Returns why it would prove nothing; undefined when it may.
 */
export async function askProofBefore(runtime: ReadyRun, signal: AbortSignal): Promise<string | undefined> {
  const question = questionOf(runtime);
  if (question === undefined) return undefined;
  const {observation} = await answerTo(runtime, question, signal);
  const {answer, detail} = await answerTo(
    runtime,
    observation === undefined ? question : {...question, before: observation},
    signal,
  );
  const asked = question.expect ?? question.uses;
  const said = detail ?? `${asked}: ${answer}`;
  if (answer === 'fail') {
    runtime.proofBefore = {said, ...(observation === undefined ? {} : {observation})};
    return undefined;
  }
  return answer === 'pass'
    ? `${proofPath} is so already, and would prove nothing (${said})`
    : `${proofPath} could not be asked: ${said}`;
}

/** Asks `effect.prove` after the fault. */
export async function askProof(
  runtime: ReadyRun,
  signal: AbortSignal,
): Promise<{seen: boolean; detail: string; before?: string}> {
  const question = questionOf(runtime);
  const was = runtime.proofBefore;
  if (question === undefined || was === undefined) return {seen: false, detail: 'it was not asked before the fault'};
  const {answer, detail} = await answerTo(
    runtime,
    was.observation === undefined ? question : {...question, before: was.observation},
    signal,
  );
  const asked = question.expect ?? question.uses;
  return {seen: answer === 'pass', detail: detail ?? `${asked}: ${answer}`, before: was.said};
}

function questionOf({prepared}: ReadyRun) {
  const {prove} = prepared.plan;
  return prove === undefined ? undefined : {path: proofPath, ...prove};
}
