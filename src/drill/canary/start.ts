import type {Mutate} from '../../actions/define.ts';
import {canaries} from '../../canary/index.ts';
import {InternalError} from '../../io/errors.ts';
import type {CanaryRecord} from '../../journal/plan.ts';
import {parseInput, resolveLate} from '../../scenario/index.ts';
import {writerFor} from '../contexts.ts';
import type {ReadyRun} from '../session.ts';
import type {RunningCanary} from './reading.ts';
import {watchResident} from './watching.ts';
import {writeNumbers} from './writing.ts';

/** The canaries of a run. */
export interface Canaries {
  /** Reads everything back before the fault. Rejects with a RefusedError when a canary cannot be trusted. */
  prove(signal: AbortSignal): Promise<void>;
  /** Ends the writing and notes what survived; a store that does not say is noted too. */
  count(signal: AbortSignal): Promise<void>;
  /** Ends the writing; resolves when every write has settled, or is declared lost. */
  stop(): Promise<void>;
}

/**
 * Starts every canary of the plan. Each one's undo is journalled, by one intent that covers all of its writes, before
 * the first of them. Rejects with a DrillError when an input is wrong or the record cannot be kept.
 */
export async function startCanaries(runtime: ReadyRun, mutate: Mutate): Promise<Canaries> {
  const running: RunningCanary[] = [];
  const all = async (work: (canary: RunningCanary) => Promise<void>) => void (await Promise.all(running.map(work)));
  try {
    for (const [index, record] of (runtime.prepared.plan.canaries ?? []).entries()) {
      running.push(await startOne(runtime, mutate, record, index));
    }
  } catch (error) {
    // Else those that were started would go on writing after their undo.
    await all((canary) => canary.stop());
    throw error;
  }
  return {
    prove: (signal) => all((canary) => canary.prove(signal)),
    count: (signal) => all((canary) => canary.count(signal)),
    stop: () => all((canary) => canary.stop()),
  };
}

async function startOne(
  runtime: ReadyRun,
  mutate: Mutate,
  record: CanaryRecord,
  index: number,
): Promise<RunningCanary> {
  const {request, prepared, run, vault, scope} = runtime;
  const {connection} = prepared;
  // The scenario was checked against the same registry.
  const definition = canaries[record.uses];
  if (definition === undefined) throw new InternalError(`there is no canary ${record.uses}`);
  const {value} = resolveLate(record.with, scope);
  const input = parseInput(definition.input, value, `spec.canaries[${index}].with`);
  const canary = definition.open(
    {
      name: record.name,
      run,
      vault,
      clock: request.clock,
      dial: request.dial,
      cluster: connection.reader,
      writer: writerFor(definition, prepared),
      defaultNamespace: request.namespace ?? connection.namespace,
    },
    input,
  );
  if ('resident' in canary) return watchResident(runtime, record, canary);
  return await writeNumbers(runtime, mutate, record, canary);
}
