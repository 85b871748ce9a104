import type {ActionContext, Permission} from '../../actions/define.ts';
import type {ClusterIdentity, Connection} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import type {PlanRecord} from '../../journal/types.ts';
import {probeOf} from '../../probes/index.ts';
import {parseInput, resolveLate, resolveScenario, resolveVars, type Spec, unsupported} from '../../scenario/index.ts';
import {guardCanaries} from '../guards/canaries.ts';
import {classify, type Environment, guardEnvironment, isPractice} from '../guards/environment.ts';
import {guardLosses, type Loss} from '../guards/losses.ts';
import {guardPermissions, type Reviewed, review} from '../guards/permissions.ts';
import {lockPermissions, ownNamespace} from '../lock.ts';
import type {Deadlines} from '../machine.ts';
import {proberPermissions} from '../prober/deploy.ts';
import type {PlannedStep, Prepared, Scope} from '../session.ts';
import type {DrillRequest, GuardAnswer} from '../types.ts';
import {deadlinesOf, estimate} from './deadlines.ts';
import {flatten, guardSteps} from './guard-steps.ts';
import {specRecords} from './records.ts';
import {type PlanStepsDeps, planSteps} from './steps.ts';

/** A plan with all that was asked to make it. */
export interface Planned {
  prepared: Prepared;
  guards: GuardAnswer[];
  reviewed: Reviewed[];
  deadlines: Deadlines;
  estimate: {expected: number; deadline: number};
}

interface PlanDeps {
  request: DrillRequest;
  connection: Connection;
  identity: ClusterIdentity;
  operator: string;
  scope: Scope;
  contextOf: (path: string, connection: Connection) => ActionContext;
  signal: AbortSignal;
}

/**
 * Finds by reading alone what a run would do and whether it may: every reason to refuse, at once.
 * Rejects with a ScenarioError when a variable is wrong for this environment, and with a ClusterError when the cluster
 * does not answer.
 */
export async function makePlan(deps: PlanDeps): Promise<Planned> {
  const {request, connection, identity, operator, scope, signal} = deps;
  const environment = await classify(request, identity, signal);
  const vars = resolveVars(request.scenario, request.given, environment.name);
  const resolved = resolveScenario(request.scenario, vars.values, request.given.env);
  const {spec} = resolved;
  scope.vars = vars.values;
  scope.env = resolved.env;
  scope.cluster = clusterScope(identity, environment, request.practice || isPractice(identity));

  const permissions: Permission[] = [...lockPermissions];
  const losses: Loss[] = [];
  const guards: GuardAnswer[] = guardEnvironment({
    environment,
    allowed: spec.target.environments,
    identity,
    config: request.config,
    approve: request.approve,
    approvedBy: request.people.approvedBy,
    operator,
  });
  for (const {what, path} of unsupported(resolved)) {
    guards.push({guard: 'version', ok: false, message: `${path}: ${what} is not in this version of kubedrill`});
  }
  const stepDeps: PlanStepsDeps = {
    scope,
    contextOf: (path) => deps.contextOf(path, connection),
    permit: (more) => permissions.push(...more),
    lose: (more) => losses.push(...more),
    refuse: (reason) => guards.push({...reason, ok: false}),
  };
  const steps = await planSteps(spec, stepDeps);
  permissions.push(...probePermissions(spec, scope, connection.namespace));
  const canaries = guardCanaries({
    spec,
    scope,
    config: request.config,
    environment,
    defaultNamespace: request.namespace ?? connection.namespace,
  });
  permissions.push(...canaries.permissions);
  guards.push(...canaries.answers);
  guards.push(...(await guardSteps(spec, request.config, connection.reader, steps)));
  guards.push(
    ...guardManual(Object.values(steps).flat(), request),
    ...guardCommands(Object.values(steps).flat(), request, environment),
  );
  guards.push(...guardLosses(losses, spec));
  const reviewed = await review(connection.reader, permissions, signal);
  guards.push(...guardPermissions(reviewed));

  const deadlines = deadlinesOf(spec, steps);
  const plan: PlanRecord = {
    ...specRecords(spec),
    ...(spec.target.maxTargets === undefined ? {} : {maxTargets: spec.target.maxTargets}),
    vars: vars.listed,
    steps: Object.values(steps).flatMap((phase) => phase.flatMap(flatten)),
    runDeadline: deadlines.run,
    permissions: reviewed.length,
  };
  const prepared: Prepared = {connection, identity, environment, spec, steps, plan};
  return {prepared, guards, reviewed, deadlines, estimate: estimate(spec, deadlines)};
}

function clusterScope(
  {uid, server, context, version}: ClusterIdentity,
  environment: Environment,
  practice: boolean,
): JsonObject {
  return {uid, server, context, version, environment: environment.name, practice};
}

/** What probes and checks ask from the runner, and what the prober's deployment needs. */
function probePermissions(spec: Spec, scope: Scope, defaultNamespace: string): Permission[] {
  const {probes = [], verify, prepare = [], inject = [], recover = []} = spec;
  const asked = [
    ...probes.filter(({from}) => from === 'runner'),
    ...verify.checks,
    ...[...prepare, ...inject, ...recover].flatMap(({waitFor}) =>
      waitFor?.uses === undefined ? [] : [{uses: waitFor.uses, with: waitFor.with}],
    ),
  ];
  const inCluster = probes.filter(({from}) => from === 'cluster');
  return [
    ...asked.flatMap(({uses, with: input = {}}) => permissionsOf(uses, input, scope, defaultNamespace)),
    ...(inCluster.length === 0
      ? []
      : proberPermissions(
          ownNamespace,
          inCluster.some(({on = 'oneNode'}) => on !== 'oneNode'),
        )),
  ];
}

/** None for an input that only a later step will complete. */
function permissionsOf(uses: string, input: JsonObject, scope: Scope, defaultNamespace: string): Permission[] {
  const definition = probeOf(uses);
  try {
    return definition.permissions(parseInput(definition.input, resolveLate(input, scope).value, uses), {
      defaultNamespace,
    });
  } catch {
    return [];
  }
}

/** A manual step that must not be skipped refuses a run without people. */
function guardManual(steps: readonly PlannedStep[], {interaction}: DrillRequest): GuardAnswer[] {
  if (interaction.attended) return [];
  return everyStep(steps)
    .filter(({record, step}) => record.form === 'manual' && record.skipped !== true && step.unattended !== 'skip')
    .map(({record}) => ({
      guard: 'attended',
      ok: false,
      message: `${record.path} needs a person: ${record.text ?? ''}`,
      hint: 'Run it on a terminal, or write `unattended: skip` on the step when the drill means something without it.',
    }));
}

/** Outside practice and ephemeral clusters a command runs only when the config allows exactly these arguments. */
function guardCommands(steps: readonly PlannedStep[], {config}: DrillRequest, {name}: Environment): GuardAnswer[] {
  if (name === 'practice' || name === 'ephemeral') return [];
  const allowed = config.allowCommands.map((argv) => JSON.stringify(argv));
  return everyStep(steps)
    .filter(({record}) => record.uses === 'command/run' && record.skipped !== true)
    .filter(({record}) => !allowed.includes(JSON.stringify(record.with?.argv)))
    .map(({record}) => ({
      guard: 'command',
      ok: false,
      message: `${record.path}: on a ${name} cluster the config must allow this command`,
      hint: `In kubedrill.config.yaml: allowCommands: [${JSON.stringify(record.with?.argv)}]`,
    }));
}

function everyStep(steps: readonly PlannedStep[]): PlannedStep[] {
  return steps.flatMap((step) => [step, ...everyStep(step.children)]);
}
