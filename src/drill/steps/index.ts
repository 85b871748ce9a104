import {InternalError} from '../../io/errors.ts';
import {errorRecord} from '../mutate.ts';
import {allowed} from '../plan/deadlines.ts';
import type {Runtime} from '../runtime.ts';
import type {PlannedStep} from '../session.ts';
import {type StepEnd, StepStopped} from './end.ts';
import {playManual} from './manual.ts';
import {playUndo} from './undo.ts';
import {playUses} from './uses.ts';
import {playWaitFor} from './wait-for.ts';

/**
 * Plays one step and notes its begin and end. Rejects when it failed, with the error that the journal has too.
 * Honours `signal`, whose reason is a {@link StepStopped}.
 */
export async function playStep(runtime: Runtime, planned: PlannedStep, signal: AbortSignal): Promise<void> {
  const {path, id, skipped} = planned.record;
  const {journal} = runtime;
  const names = {path, ...(id === undefined ? {} : {id})};
  if (skipped === true) {
    await journal.append({type: 'step.ended', ...names, outcome: 'skipped', note: 'its `if` is false'});
    return;
  }
  try {
    const end = await play(runtime, planned, signal);
    await journal.append({type: 'step.ended', ...names, ...end});
  } catch (error) {
    const stopped = signal.aborted && signal.reason instanceof StepStopped ? signal.reason : error;
    const outcome = stopped instanceof StepStopped ? stopped.outcome : 'failed';
    await journal.append({type: 'step.ended', ...names, outcome, error: errorRecord(error)});
    throw stopped;
  }
}

async function play(runtime: Runtime, planned: PlannedStep, signal: AbortSignal): Promise<StepEnd> {
  const {path, id, form} = planned.record;
  if (form === 'uses') return await playUses(runtime, planned, signal);
  await runtime.journal.append({type: 'step.started', path, ...(id === undefined ? {} : {id})});
  switch (form) {
    case 'waitFor':
      return await playWaitFor(runtime, planned, signal);
    case 'manual':
      return await playManual(runtime, planned, signal);
    case 'pause':
      await runtime.request.clock.sleep(planned.step.pause ?? 0, signal);
      return {outcome: 'done'};
    case 'undo':
      return await playUndo(runtime, planned, signal);
    case 'parallel':
      return await playParallel(runtime, planned, signal);
    default:
      throw new InternalError(`no step has the form ${form satisfies never}`);
  }
}

/** All at once, each within its own time; the first failure stops the others, and all are waited for. */
async function playParallel(runtime: Runtime, {children}: PlannedStep, signal: AbortSignal): Promise<StepEnd> {
  const first = new AbortController();
  const results = await Promise.allSettled(
    children.map(async (child) => {
      const own = new AbortController();
      const {path} = child.record;
      const timer = setTimeout(
        () => own.abort(new StepStopped(`${path} exceeded its time`, 'timeout')),
        allowed(child),
      );
      try {
        await playStep(runtime, child, AbortSignal.any([signal, first.signal, own.signal]));
      } catch (error) {
        first.abort(new StepStopped('another of the parallel steps failed', 'aborted'));
        throw error;
      } finally {
        clearTimeout(timer);
      }
    }),
  );
  const failures = results.filter((result) => result.status === 'rejected').map(({reason}) => reason as unknown);
  const cause = failures.find((reason) => !(reason instanceof StepStopped)) ?? failures[0];
  if (cause !== undefined) throw cause;
  return {outcome: 'done'};
}
