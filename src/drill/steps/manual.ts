import {StepError} from '../../io/errors.ts';
import type {Runtime} from '../runtime.ts';
import type {PlannedStep} from '../session.ts';
import type {StepEnd} from './end.ts';

/** Something a person does. Without a person it is skipped, or preflight has refused the run. */
export async function playManual(runtime: Runtime, {record, step}: PlannedStep, signal: AbortSignal): Promise<StepEnd> {
  const {interaction} = runtime.request;
  if (!interaction.attended) return {outcome: 'skipped', note: 'unattended: nobody to ask'};
  const answer = await interaction.manual(
    {
      text: record.text ?? '',
      ...(step.role === undefined ? {} : {role: step.role}),
      ...(step.expected === undefined ? {} : {expected: step.expected}),
    },
    signal,
  );
  const said = {who: answer.who, ...(answer.note === undefined ? {} : {note: answer.note})};
  if (answer.outcome === 'abort') {
    throw new StepError(`${record.path}: ended by ${answer.who}${answer.note ? `: ${answer.note}` : ''}`, {
      code: 'E_MANUAL_ABORT',
    });
  }
  if (step.marks !== undefined) await runtime.journal.append({type: 'mark', name: step.marks, by: answer.who});
  return {outcome: answer.outcome, ...said};
}
