import type {ActionContext, ActionDefinition} from '../../actions/define.ts';
import {isJsonObject} from '../../io/json.ts';
import {isOutside} from '../../io/target.ts';
import type {StepRecord} from '../../journal/plan.ts';
import type {Need} from '../../outside/means.ts';
import {parseInput, resolveLate} from '../../scenario/index.ts';
import {reachOf, widen} from '../compare/index.ts';
import {actionContext, roles, writerFor} from '../contexts.ts';
import {guardLosses} from '../guards/losses.ts';
import {enforce} from '../guards/targets.ts';
import {createMutate} from '../mutate.ts';
import {actionOf, apply, planned as planOf} from '../plan/steps.ts';
import type {Runtime} from '../runtime.ts';
import type {PlannedStep} from '../session.ts';
import type {StepEnd} from './end.ts';
import {guardStep} from './guard.ts';

/**
 * Plays an action: resolves what is known only now, plans again, freezes the targets, asks the guards again, acts.
 * A step of the recovery is what may bring a control plane back: while that is away, what was seen before counts.
 * `step.started` is written once the targets are fixed, so that the journal says what was going to be hit.
 */
export async function playUses(runtime: Runtime, planned: PlannedStep, signal: AbortSignal): Promise<StepEnd> {
  const {record, step} = planned;
  const {journal, prepared, scope} = runtime;
  const {path, id} = record;
  const definition = actionOf(step.uses ?? '');
  const names = {path, ...(id === undefined ? {} : {id})};
  let started = false;
  try {
    const context = contextOf(runtime, record, {definition, signal});
    const {value} = resolveLate(step.with ?? {}, scope);
    const input = parseInput(definition.input, value, `${path}.with`);
    const look = prepared.seen.look({recall: record.phase === 'recover'});
    record.with = value;
    const plan = await planOf(record, look, () => definition.plan(context, input));
    apply(record, plan);
    // Everything that it was to have is there.
    delete record.foreseen;
    await guardStep(runtime, path, look);
    // Of a step whose targets were not known before, or have grown; what the drill itself has made is its own to lose.
    if (!plan.targets.every((target) => isOutside(target) || context.isFixture(target)))
      enforce(guardLosses(plan.losses ?? [], prepared.spec));
    // Nobody can look around where the API server is away.
    if (!look.recalled) await noteReach(runtime, record);
    await journal.append({type: 'step.started', ...names, targets: plan.targets});
    started = true;
    const output = await definition.run(context, input, plan);
    const outputs = isJsonObject(output) ? output : {};
    if (id !== undefined) scope.steps[id] = {outputs};
    runtime.played.set(path, {path, definition, input, plan, output, context});
    return {outcome: 'done', outputs};
  } catch (error) {
    if (!started) await journal.append({type: 'step.started', ...names});
    throw error;
  }
}

/** What the step's targets have brought into reach is noted before it acts. */
async function noteReach({world, prepared, journal, vault, request}: Runtime, record: StepRecord): Promise<void> {
  if (world === undefined) return;
  const comparing = {connection: prepared.connection, journal, vault, clock: request.clock};
  await widen(comparing, world, reachOf({steps: [record]}, journal.entries));
}

function contextOf(
  runtime: Runtime,
  record: StepRecord,
  {definition, signal}: {definition: ActionDefinition; signal: AbortSignal},
): ActionContext<Need> {
  const {request, journal, run, vault, redactor, nextMutation, prepared, sections} = runtime;
  const mutate = createMutate({
    journal,
    writer: writerFor(definition, prepared),
    nextId: nextMutation,
    role: roles[record.phase],
    phase: record.phase,
    step: record.path,
    redactor,
    vault,
    clock: request.clock,
    signal,
  });
  const {connection, means} = prepared;
  const {critical} = sections;
  return actionContext({
    ...{definition, request, connection, means, run, vault, path: record.path, signal, mutate, critical},
    entries: journal.entries,
  });
}
