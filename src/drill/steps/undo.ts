import {StepError} from '../../io/errors.ts';
import type {Runtime} from '../runtime.ts';
import type {PlannedStep} from '../session.ts';
import {undoDeps} from '../undo/deps.ts';
import {undoStep} from '../undo/undo.ts';
import type {StepEnd} from './end.ts';

/** The recovery that is the undo of an earlier step, played there and then and timed as the recovery. */
export async function playUndo(runtime: Runtime, {record}: PlannedStep, signal: AbortSignal): Promise<StepEnd> {
  const id = record.text ?? '';
  const path = pathOf(runtime, id);
  const undone = path === undefined ? 0 : await undoStep(undoDeps(runtime), path, signal);
  if (undone === 0) {
    throw new StepError(`${record.path}: the step ${id} has left nothing to undo`, {
      code: 'E_NOTHING_TO_UNDO',
      hint: 'It changed nothing, or it was undone before. The report lists every mutation.',
    });
  }
  return {outcome: 'done', outputs: {undone}};
}

function pathOf({prepared}: Runtime, id: string): string | undefined {
  const {prepare, inject, recover} = prepared.steps;
  for (const step of [...prepare, ...inject, ...recover].flatMap((planned) => [planned, ...planned.children])) {
    if (step.record.id === id) return step.record.path;
  }
  return undefined;
}
