import type {ClusterIdentity, Connection} from '../../cluster/types.ts';
import {DrillError} from '../../io/errors.ts';
import {actionContext, noMutation, noVault, uncritical} from '../contexts.ts';
import {isPractice} from '../guards/environment.ts';
import {guardNames} from '../guards/names.ts';
import {type Deadlines, initialDeadlines} from '../lifecycle.ts';
import {makePlan, type Planned} from '../plan/index.ts';
import {keepScenario} from '../record/evidence.ts';
import type {Session} from '../session.ts';
import type {GuardAnswer} from '../types.ts';

export interface PreflightResult {
  refused: boolean;
  deadlines: Deadlines;
  /** Absent when the cluster could not even be asked. */
  planned?: Planned;
}

/**
 * Asks everything before the first mutation and notes every answer; touches nothing. A cluster that cannot be reached
 * and variables that do not fit the environment are refusals like the others, with a report.
 */
export async function preflight(session: Session, signal: AbortSignal): Promise<PreflightResult> {
  const {journal, request, connection} = session;
  try {
    const identity = await connection.identify({signal});
    const planned = await planFor(session, connection, identity, signal);
    const named = guardNames(planned.prepared.plan, session.redactor);
    planned.guards.push(...named);
    const {prepared, guards, deadlines, warnings} = planned;
    const {environment, plan} = prepared;
    await journal.append({
      type: 'cluster.identified',
      uid: identity.uid,
      server: identity.server,
      context: identity.context,
      version: identity.version,
      environment: environment.name,
      environmentSource: environment.source,
      practice: request.practice || isPractice(identity),
      nodes: identity.nodes.map(({name, version, roles, ready}) => ({name, version, roles, ready})),
    });
    // A run that is refused for its names has no use for them: they need not be told apart.
    await journal.append({type: 'plan.made', plan: named.length > 0 ? session.redactor.value(plan) : plan});
    await keepScenario(session, prepared);
    for (const guard of guards) await note(session, guard);
    for (const text of warnings) await journal.append({type: 'note', text: `warning: ${text}`});
    return {refused: guards.some(({ok}) => !ok), deadlines, planned};
  } catch (error) {
    if (!(error instanceof DrillError)) throw error;
    signal.throwIfAborted();
    const {message, hint} = error;
    await note(session, {guard: 'preflight', ok: false, message, ...(hint === undefined ? {} : {hint})});
    return {refused: true, deadlines: initialDeadlines};
  }
}

/** The plan of a run or of `kubedrill plan`. */
export function planFor(
  session: Pick<Session, 'request' | 'run' | 'operator' | 'scope'>,
  connection: Connection,
  identity: ClusterIdentity,
  signal: AbortSignal,
): Promise<Planned> {
  const {request, run, operator, scope} = session;
  return makePlan({
    request,
    connection,
    identity,
    operator,
    runId: run.id,
    scope,
    signal,
    contextOf: (path, at) =>
      actionContext({
        ...{...at, request, connection, run, vault: noVault, path, signal, mutate: noMutation, critical: uncritical},
      }),
  });
}

async function note({journal}: Session, answer: GuardAnswer): Promise<void> {
  await journal.append({type: 'guard.answered', phase: 'preflight', ...answer});
}
