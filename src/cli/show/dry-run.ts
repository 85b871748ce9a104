import type {DryRunAnswer, PlanResult} from '../../drill/types.ts';
import {count, oneLine, type Paint, table} from '../../io/text.ts';

/** What the API server said to the writes of each step; `undefined` where none was sent, as a guard had said no. */
export function dryRunText(answers: readonly DryRunAnswer[] | undefined, paint: Paint): string {
  if (answers === undefined) return `\n${paint('bold', 'Dry run: no write was sent, as run would refuse')}\n`;
  const rows = answers.flatMap((answer) => [
    [answer.path, answer.uses, answerText(answer, paint)],
    ...(answer.notes ?? []).map((note) => ['', '', oneLine(note)]),
  ]);
  return `\n${paint('bold', 'Dry run: each write was sent with dryRun=All, nothing was changed')}\n${table(rows, '  ')}`;
}

function answerText({sent, refused, skipped}: DryRunAnswer, paint: Paint): string {
  if (skipped !== undefined) return `not sent: ${oneLine(skipped)}`;
  const taken = `${count(sent, 'write')} would be taken`;
  return refused === undefined ? taken : `${taken}, then ${paint('red', 'refused')}: ${oneLine(refused)}`;
}

/** The last word on a plan that no guard speaks against. */
export function lastWord({dryRun = []}: Pick<PlanResult, 'dryRun'>, paint: Paint): string {
  const refused = dryRun.filter((answer) => answer.refused !== undefined).length;
  if (refused === 0) return paint('green', 'run would go ahead');
  return paint('red', `run would not get through: the API server refuses a write of ${count(refused, 'step')}`);
}
