import {isClusterError} from '../../cluster/errors.ts';
import {matchesSelector} from '../../cluster/selector.ts';
import type {ClusterReader} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import type {StepRecord} from '../../journal/plan.ts';
import type {Look} from '../guards/memory.ts';
import {guardRunner} from '../guards/runner.ts';
import {guardTargets, protectedByDefault} from '../guards/targets.ts';
import type {PlannedStep, Prepared} from '../session.ts';
import type {DrillRequest, GuardAnswer} from '../types.ts';
import {specRecords} from './records.ts';

/**
 * Caps, protection and the runner's own place over the steps as they are planned now; asked in preflight, at the gate,
 * and before each step. Rejects with a ClusterError when the cluster does not answer what `look` cannot recall.
 */
export async function guardSteps(
  {spec, steps, runner, connection}: Pick<Prepared, 'spec' | 'steps' | 'runner' | 'connection'>,
  {config}: Pick<DrillRequest, 'config'>,
  look: Look,
): Promise<GuardAnswer[]> {
  const cluster = connection.reader;
  const records = Object.values(steps).flatMap((phase) => phase.flatMap(flatten));
  const targets = await guardTargets({
    steps: records,
    maxTargets: spec.target.maxTargets,
    maxCascade: spec.target.maxCascade,
    allowProtected: specRecords(spec).allowProtected,
    protectedNamespaces: [...protectedByDefault, ...config.protectedNamespaces],
    isNamespaced: ({apiVersion, kind}) =>
      look.ask(`namespaced ${apiVersion} ${kind}`, async () => (await cluster.resource(apiVersion, kind)).namespaced),
    covers: (target, allowance) =>
      look.ask(`covers ${JSON.stringify([target, allowance])}`, () => covers(cluster, target, allowance)),
  });
  return [...targets, ...guardRunner(runner, {steps: records, wholeCluster: spec.target.wholeCluster === true})];
}

/** A step's record and those of the steps inside it. */
export function flatten({record, children}: PlannedStep): StepRecord[] {
  return [record, ...children.flatMap(flatten)];
}

/** By kind, namespace and name or labels; the labels are asked of the object itself. */
async function covers(
  cluster: ClusterReader,
  target: Target,
  allowance: {namespace: string; kind: string; selector?: string; name?: string},
): Promise<boolean> {
  if (allowance.kind !== target.kind || allowance.namespace !== (target.namespace ?? '')) return false;
  if (allowance.name !== undefined && allowance.name !== target.name) return false;
  if (allowance.selector === undefined) return true;
  try {
    const object = await cluster.get(target);
    return matchesSelector(object.metadata.labels ?? {}, allowance.selector);
  } catch (error) {
    // What may not be looked at is not covered; the guard for permissions names what is missing.
    if (isClusterError(error, 'forbidden')) return false;
    // An earlier step has taken it, or somebody else: no step can hit it any more, targets are frozen by UID.
    if (isClusterError(error, 'notFound')) return true;
    throw error;
  }
}
