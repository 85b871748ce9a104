import type {Mutate} from '../../actions/define.ts';
import type {JsonObject} from '../../io/json.ts';
import {lifetimeOf} from '../lock/expiry.ts';
import {ownNamespace} from '../lock/live-lease.ts';
import {startRunnerProbes} from '../prober/runner.ts';
import {startProber} from '../prober/start.ts';
import type {Runtime} from '../runtime.ts';
import type {PlannedStep} from '../session.ts';
import {scopeOf} from '../session.ts';
import {runnerContext} from '../watch/ask.ts';
import {probesFrom} from '../watch/probing.ts';

/** Milliseconds until every prober pod must be ready: an image may have to be pulled. */
const readyWithin = 120_000;

/** Brings the prober into the cluster, when a probe samples from there, and begins to follow it. */
export async function startProbers(runtime: Runtime, mutate: Mutate, signal: AbortSignal): Promise<void> {
  const {prepared, request, run, probing} = runtime;
  const probes = probesFrom(prepared.plan.probes, 'cluster');
  if (probes.length === 0) return;
  const {pullSecrets, tolerations, resources, priorityClassName} = request.config.prober;
  await probing?.add((listener) =>
    startProber({
      ...listener,
      cluster: prepared.connection.reader,
      mutate,
      clock: request.clock,
      log: request.log,
      signal,
      readyWithin,
      run,
      probes,
      settings: {
        image: request.proberImage,
        ...(pullSecrets && {pullSecrets}),
        ...(tolerations && {tolerations}),
        ...(resources && {resources}),
        ...(priorityClassName !== undefined && {priorityClassName}),
      },
      scope: publicScope(runtime),
      namespace: ownNamespace,
      targetNodes: targetNodes(Object.values(prepared.steps).flat()),
      lifetime: lifetimeOf(prepared.plan.runDeadline),
    }),
  );
}

/** Starts the probes that sample from this process. */
export async function startRunner(runtime: Runtime): Promise<void> {
  const probes = probesFrom(runtime.prepared.plan.probes, 'runner');
  if (probes.length === 0) return;
  await runtime.probing?.add((listener) =>
    startRunnerProbes({
      ...listener,
      probes,
      context: runnerContext(runtime, new AbortController().signal),
      scope: scopeOf(runtime),
      means: runtime.prepared.means,
    }),
  );
}

/** What may be written into a ConfigMap: no environment variables. */
function publicScope(runtime: Runtime): JsonObject {
  const {env: _, ...rest} = scopeOf(runtime);
  return rest;
}

function targetNodes(steps: readonly PlannedStep[]): string[] {
  return steps.flatMap(({record}) => record.targets.filter(({kind}) => kind === 'Node').map(({name}) => name));
}
