import {RefusedError} from '../../io/errors.ts';
import type {StepRecord} from '../../journal/plan.ts';
import type {Runtime} from '../runtime.ts';
import type {PlannedStep} from '../session.ts';
import {askBefore} from './steady.ts';

/** Whether a step of `inject` breaks something, or a step within it does: the others wait or look. */
const breaks = ({record, children}: PlannedStep): boolean => isFault(record) || children.some(breaks);

const isFault = ({form, reversal, skipped}: StepRecord): boolean =>
  skipped !== true && (form === 'manual' || (form === 'uses' && reversal !== 'none-needed'));

/**
 * Asks the checks, and `effect.prove`, once more right before the first fault, when other steps of `inject` came before it: what turned during
 * a pause is not the fault's doing. Where the fault is the first step, the gate has just asked. Rejects with a
 * RefusedError when an answer is not the one that is declared.
 */
export async function beforeFault(runtime: Runtime, index: number, signal: AbortSignal): Promise<void> {
  if (index === 0 || runtime.prepared.steps.inject.findIndex(breaks) !== index) return;
  try {
    await askBefore(runtime, signal);
  } catch (error) {
    // No guard is asked in this phase: without its answer in the record, the end of the drill would be a failure of ours.
    if (error instanceof RefusedError) await note(runtime, error);
    throw error;
  }
}

async function note({journal}: Runtime, {message, hint}: RefusedError): Promise<void> {
  await journal.append({
    type: 'guard.answered',
    phase: 'inject',
    guard: 'steady state',
    ok: false,
    message,
    ...(hint === undefined ? {} : {hint}),
  });
}
