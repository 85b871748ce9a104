import {readFile} from 'node:fs/promises';
import type {ActionContext, ActionDefinition, PlannedLoss} from '../../actions/define.ts';
import type {ApiResource, ClusterIdentity, Connection, Permission} from '../../cluster/types.ts';
import type {JsonObject} from '../../io/json.ts';
import type {PlanRecord, StepRecord} from '../../journal/plan.ts';
import type {MeansAtHand, Need} from '../../outside/means.ts';
import {resolveScenario, resolveVars, type Spec, unsupported} from '../../scenario/index.ts';
import {findMeans} from '../find-means.ts';
import {guardCalendar} from '../guards/calendar.ts';
import {guardCanaries} from '../guards/canaries.ts';
import {guardCommands} from '../guards/commands.ts';
import {classify, type Environment, guardEnvironment, isPractice} from '../guards/environment.ts';
import {guardLock} from '../guards/lock.ts';
import {guardLosses} from '../guards/losses.ts';
import {guardMeans} from '../guards/means.ts';
import {Memory} from '../guards/memory.ts';
import {guardPermissions, type Reviewed, review} from '../guards/permissions.ts';
import {findRunner, runnerPermissions} from '../guards/runner.ts';
import type {Deadlines} from '../lifecycle.ts';
import type {PlannedStep, Prepared, Scope} from '../session.ts';
import type {DrillRequest, GuardAnswer} from '../types.ts';
import {type ToMake, tryOut} from './admission.ts';
import {deadlinesOf, estimate} from './deadlines.ts';
import {flatten, guardSteps} from './guard-steps.ts';
import {hasOwnNamespace, ownPermissions, probePermissions} from './permissions.ts';
import {called} from './plurals.ts';
import {specRecords} from './records.ts';
import {type PlanStepsDeps, planSteps} from './steps.ts';
import {onlyPeople, warningsOf} from './warnings.ts';

/** A plan with all that was asked to make it. */
export interface Planned {
  prepared: Prepared;
  guards: GuardAnswer[];
  reviewed: Reviewed[];
  warnings: string[];
  deadlines: Deadlines;
  estimate: {expected: number; deadline: number};
}

interface PlanDeps {
  request: DrillRequest;
  connection: Connection;
  identity: ClusterIdentity;
  operator: string;
  runId: string;
  scope: Scope;
  contextOf: (path: string, at: {definition: ActionDefinition; means: MeansAtHand}) => ActionContext<Need>;
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

  const place = {env: request.env, read: readText};
  const permissions: Permission[] = [
    ...ownPermissions({namespaceExists: await hasOwnNamespace(connection.reader, {signal})}),
    ...(await runnerPermissions(place)),
  ];
  const losses: PlannedLoss[] = [];
  const brought: ApiResource[] = [];
  const toMake: ToMake[] = [];
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
  guards.push(...(await guardLock(connection, deps.runId, {locks: request.locks, cluster: identity})));
  const means = await findMeans(request);
  const seen = new Memory();
  const look = seen.look({recall: false});
  const stepDeps: PlanStepsDeps = {
    scope,
    contextOf: (path, definition) => deps.contextOf(path, {definition, means}),
    means,
    look,
    defaultNamespace: request.namespace ?? connection.namespace,
    permit: (more) => permissions.push(...more),
    lose: (more) => losses.push(...more),
    make: (more) => toMake.push(more),
    bring: (more) => brought.push(...more),
    refuse: (reason) => guards.push({...reason, ok: false}),
  };
  guards.push(...guardMeans(spec, means));
  const steps = await planSteps(spec, stepDeps);
  permissions.push(...probePermissions(spec, scope, connection.namespace));
  const canaries = guardCanaries({
    spec,
    scope,
    config: request.config,
    defaultNamespace: request.namespace ?? connection.namespace,
  });
  permissions.push(...canaries.permissions);
  guards.push(...canaries.answers);
  const runner = await findRunner({...place, identity, cluster: connection.reader, signal});
  guards.push(...(await guardSteps({spec, steps, runner, connection}, request, look)));
  const all = everyStep(Object.values(steps).flat());
  guards.push(
    ...guardManual(all, spec, request),
    ...guardCommands({spec, scope, steps: all, config: request.config, environment}),
  );
  guards.push(...guardLosses(losses, spec));
  const named = await called(permissions, {brought, cluster: connection.reader});
  const reviewed = await review(connection.reader, named.permissions, signal);
  guards.push(...guardPermissions(reviewed));
  // Nothing is sent to a cluster on which nothing may be done.
  const admission = guards.every(({ok}) => ok) ? await tryOut(connection, toMake, signal) : undefined;
  guards.push(...(admission?.guards ?? []));

  const deadlines = deadlinesOf(spec, steps);
  const expected = estimate(spec, deadlines);
  guards.push(...guardCalendar({config: request.config, now: request.clock.wall(), span: expected.expected}));
  const plan: PlanRecord = {
    ...specRecords(spec),
    ...(spec.target.maxTargets === undefined ? {} : {maxTargets: spec.target.maxTargets}),
    vars: vars.listed,
    steps: Object.values(steps).flatMap((phase) => phase.flatMap(flatten)),
    runDeadline: deadlines.run,
    permissions: reviewed.length,
  };
  const prepared: Prepared = {connection, means, identity, environment, spec, steps, plan, runner, seen};
  const warnings = [...warningsOf(spec, request.interaction), ...(admission?.warnings ?? [])];
  return {prepared, guards, reviewed, warnings, deadlines, estimate: expected};
}

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

function clusterScope(
  {uid, server, context, version}: ClusterIdentity,
  environment: Environment,
  practice: boolean,
): JsonObject {
  return {uid, server, context, version, environment: environment.name, practice};
}

/** A manual step that must not be skipped refuses a run without people. */
function guardManual(steps: readonly PlannedStep[], spec: Spec, {interaction}: DrillRequest): GuardAnswer[] {
  if (interaction.attended) return [];
  return steps
    .filter(({record, step}) => record.form === 'manual' && record.skipped !== true && step.unattended !== 'skip')
    .map(({record}) => ({
      guard: 'attended',
      ok: false,
      message: `${record.path} needs a person: ${record.text ?? ''}`,
      hint: isNeeded(record, spec)
        ? 'Run it on a terminal, or let a step do it: without this one the run could not pass.'
        : 'Run it on a terminal, or write `unattended: skip` on the step when the drill means something without it.',
    }));
}

/** A fault, or all that the recovery has: to skip it would be another drill. */
const isNeeded = ({phase}: StepRecord, spec: Spec): boolean =>
  phase === 'inject' || (phase === 'recover' && onlyPeople(spec, phase));

function everyStep(steps: readonly PlannedStep[]): PlannedStep[] {
  return steps.flatMap((step) => [step, ...everyStep(step.children)]);
}
