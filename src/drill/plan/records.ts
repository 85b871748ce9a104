import type {
  CanaryRecord,
  CheckRecord,
  ObjectiveMetric,
  ObjectiveRecord,
  PlanRecord,
  ProbeRecord,
  ScenarioType,
  ServiceRecord,
} from '../../journal/plan.ts';
import {probeOf} from '../../probes/index.ts';
import type {Check, Objective, Probe, Service, Spec} from '../../scenario/index.ts';

const metrics: readonly ObjectiveMetric[] = ['rto', 'rpo', 'detection', 'restoreTime', 'availability', 'backupAge'];

/** A probe as the journal keeps it, defaults filled in. What a service is built on is no detector. */
function probeRecord(
  {name, uses, from, on, every, timeout, with: input, expect}: Probe,
  servicesUp: readonly string[],
): ProbeRecord {
  return {
    name,
    uses,
    from,
    ...(from === 'runner' ? {} : {on: on ?? 'oneNode'}),
    every,
    timeout: timeout ?? every,
    with: input ?? {},
    ...(expect === undefined ? {} : {expect}),
    ...(probeOf(uses).detector && !servicesUp.includes(name) ? {detector: true} : {}),
  };
}

function canaryRecord({name, uses, every, with: input}: NonNullable<Spec['canaries']>[number]): CanaryRecord {
  return {name, uses, every, with: input ?? {}};
}

/** Which outage a service must, may or must not have, when the scenario does not say. */
const outageByType: Readonly<Record<ScenarioType, ServiceRecord['outage']>> = {
  disaster: 'required',
  redundancy: 'none',
  rehearsal: 'none',
  inspection: 'none',
};

function serviceRecord(name: string, {up, outage, by, okRatio}: Service, type: ScenarioType): ServiceRecord {
  return {name, up, outage: outage ?? outageByType[type], by, okRatio};
}

/** One metric each: the schema sees to it. */
function objectiveRecord(objective: Objective): ObjectiveRecord[] {
  const {of, from, source} = objective;
  return metrics.flatMap((metric) => {
    const target = objective[metric];
    if (target === undefined) return [];
    return [{metric, target, ...(of === undefined ? {} : {of}), ...(from === undefined ? {} : {from}), source}];
  });
}

/** An inspection breaks nothing: its checks are asked once, and their controls show that they can fail. */
function checkRecord({name, uses, with: input, expect, states, control}: Check, type: ScenarioType): CheckRecord {
  return {
    name,
    uses,
    with: input ?? {},
    ...(expect === undefined ? {} : {expect}),
    states: type === 'inspection' ? {...states, before: 'skip', broken: 'skip'} : states,
    ...(control === undefined ? {} : {control}),
  };
}

function proofRecord({
  uses,
  with: input,
  expect,
}: NonNullable<Spec['effect']['prove']>): NonNullable<PlanRecord['prove']> {
  return {uses, with: input ?? {}, ...(expect === undefined ? {} : {expect})};
}

/** What of the spec the report needs, apart from the steps. */
export function specRecords(
  spec: Spec,
): Omit<PlanRecord, 'vars' | 'steps' | 'runDeadline' | 'permissions' | 'maxTargets'> {
  const {
    type,
    probes = [],
    canaries,
    services = {},
    objectives = [],
    steady,
    effect,
    verify,
    target,
    accept = [],
  } = spec;
  const servicesUp = Object.values(services).flatMap(({up}) => up);
  return {
    type,
    probes: probes.map((probe) => probeRecord(probe, servicesUp)),
    ...(canaries === undefined ? {} : {canaries: canaries.map(canaryRecord)}),
    services: Object.entries(services).map(([name, service]) => serviceRecord(name, service, type)),
    objectives: objectives.flatMap(objectiveRecord),
    checks: verify.checks.map((check) => checkRecord(check, type)),
    ...(effect.prove === undefined ? {} : {prove: proofRecord(effect.prove)}),
    steadyFor: steady.for,
    effectWithin: effect.within,
    verifyWithin: verify.within,
    stableFor: verify.stableFor,
    allowProtected: (target.allowProtected ?? []).map(({namespace = '', kind, selector, name, reason}) => ({
      namespace,
      kind,
      ...(selector === undefined ? {} : {selector}),
      ...(name === undefined ? {} : {name}),
      reason,
    })),
    accept: accept.map(({loss, of, since, reason}) => ({
      loss,
      ...(of === undefined ? {} : {of}),
      ...(since === undefined ? {} : {since}),
      reason,
    })),
    ...(spec.clean.compare === 'on' ? {} : {compareOff: spec.clean.reason ?? ''}),
    stopWhen: stopLines(spec),
  };
}

/** One line for each stop condition, or why there is none. */
function stopLines({stopWhen}: Spec): string[] {
  if (stopWhen === undefined) return [];
  if ('none' in stopWhen) return [`none: ${stopWhen.none}`];
  return stopWhen.map(({service, probe, downFor}) => `${service ?? probe ?? ''} down for ${downFor / 1000} s`);
}
