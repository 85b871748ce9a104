import {createHash} from 'node:crypto';
import type {RunInfo} from '../../actions/define.ts';
import {redactEvent} from '../../journal/redact.ts';
import {isPractice} from '../guards/environment.ts';
import {guardNames} from '../guards/names.ts';
import {planFor} from '../phases/preflight.ts';
import {discreet, learning, secretsOf} from '../record/secrets.ts';
import type {Scope} from '../session.ts';
import type {DrillRequest, PlanResult} from '../types.ts';
import {dryRunSteps} from './dry-run.ts';

/**
 * What `run` would do, found by reading alone: no folder, no journal, no mutation. With `dryRun` every write is sent
 * as well, with dryRun=All. Rejects with a UsageError for a
 * kubeconfig or variables that cannot be used, and with a ClusterError when the cluster does not answer.
 */
export async function planDrill(asked: DrillRequest): Promise<PlanResult> {
  const redactor = secretsOf(asked.scenario, asked.given.env);
  const request: DrillRequest = {...asked, log: discreet(asked.log, redactor)};
  const connection = await learning(await request.connect(), redactor);
  try {
    const run = planRun(request);
    const scope: Scope = {
      vars: {},
      env: {},
      run: {id: run.id, label: run.label, seed: request.seed},
      cluster: {},
      steps: {},
    };
    const operator = request.people.operator ?? connection.user;
    const identity = await connection.identify({signal: request.abort});
    const planned = await planFor({request, run, operator, scope}, connection, identity, request.abort);
    const named = guardNames(planned.prepared.plan, redactor);
    planned.guards.push(...named);
    const {prepared, guards, reviewed, warnings, estimate} = planned;
    const {uid, server, context, version, nodes} = identity;
    const dryRun = request.dryRun === 'server' && guards.every(({ok}) => ok);
    return {
      title: redactor.text(request.scenario.scenario.metadata.title),
      plan:
        named.length > 0
          ? redactor.value(prepared.plan)
          : redactEvent({type: 'plan.made', plan: prepared.plan}, redactor).plan,
      guards: redactor.value(guards),
      warnings: redactor.value(warnings),
      cluster: {
        uid,
        server,
        context,
        version,
        environment: prepared.environment.name,
        environmentSource: prepared.environment.source,
        practice: request.practice || isPractice(identity),
        nodes: nodes.map(({name, version: kubelet, roles, ready}) => ({name, version: kubelet, roles, ready})),
      },
      permissions: reviewed.map(({permission, allowed}) => {
        const {verb, group, resource, subresource, namespace, name} = permission;
        return {
          verb,
          resource: `${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`,
          ...(namespace === undefined ? {} : {namespace}),
          ...(name === undefined ? {} : {name}),
          allowed,
        };
      }),
      estimate,
      ...(dryRun ? {dryRun: redactor.value(await dryRunSteps(prepared, {request, run}))} : {}),
    };
  } finally {
    connection.close();
  }
}

/** A plan has no run; what actions label their objects with is only for show. */
function planRun({scenario, seed}: DrillRequest): RunInfo {
  const label = createHash('sha256').update(`${scenario.sha256}/${seed}`).digest('hex').slice(0, 12);
  return {id: `plan-${scenario.scenario.metadata.name}-${label.slice(0, 4)}`, label, fieldManager: 'kubedrill'};
}
