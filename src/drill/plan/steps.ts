import type {Coming} from '../../actions/common/coming.ts';
import type {ActionContext, ActionDefinition, ActionPlan, PlannedLoss} from '../../actions/define.ts';
import {actions} from '../../actions/index.ts';
import {noSuchKind} from '../../cluster/discovery.ts';
import {ClusterError, isClusterError} from '../../cluster/errors.ts';
import {groupOf} from '../../cluster/names.ts';
import type {ApiResource, KubeObject, Permission} from '../../cluster/types.ts';
import {DrillError} from '../../io/errors.ts';
import {isJsonObject, type JsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import type {StepRecord} from '../../journal/plan.ts';
import {type MeansAtHand, missingMeans, type Need} from '../../outside/means.ts';
import type {InnerStep, Spec, Step} from '../../scenario/index.ts';
import {parseInput, resolveLate, stepDeadline} from '../../scenario/index.ts';
import {needsMore} from '../guards/means.ts';
import type {Look} from '../guards/memory.ts';
import type {PlannedStep, Scope} from '../session.ts';
import type {ToMake} from './admission.ts';

type Phase = StepRecord['phase'];

export interface PlanStepsDeps {
  scope: Scope;
  contextOf: (path: string, definition: ActionDefinition) => ActionContext<Need>;
  /** What of the outside is at hand. */
  means: MeansAtHand;
  look: Look;
  defaultNamespace: string;
  /** Told of everything a step will ask of the API server. */
  permit: (permissions: Permission[]) => void;
  /** Told what no undo of a step will return. */
  lose: (losses: PlannedLoss[]) => void;
  /** Told what a step has to make, its undo and controllers too. */
  make: (toMake: ToMake) => void;
  /** Told of kinds that the API server serves only once a step is done. */
  bring: (kinds: ApiResource[]) => void;
  /** Told what could not be planned, to be refused with all other reasons. */
  refuse: (reason: {guard: string; message: string; hint?: string}) => void;
}

/** Plans every step of the three phases by reading alone. Rejects only for a cluster that does not answer. */
export async function planSteps(spec: Spec, deps: PlanStepsDeps): Promise<Record<Phase, PlannedStep[]>> {
  // A target that an earlier step will make, or free, is resolved right before its step.
  const makers: Makers = {any: false, kinds: false, objects: []};
  const plan = async (phase: Phase, steps: readonly Step[] = []) => {
    const planned: PlannedStep[] = [];
    for (const [index, step] of steps.entries())
      planned.push(await planStep(`${phase}.${index}`, phase, step, makers, deps));
    return planned;
  };
  const prepare = await plan('prepare', spec.prepare);
  const inject = await plan('inject', spec.inject);
  return {prepare, inject, recover: await plan('recover', spec.recover)};
}

/** Whether an earlier step may make what a later one looks for, and whether kinds, too. */
interface Makers {
  any: boolean;
  kinds: boolean;
  /** What it makes for sure. */
  objects: KubeObject[];
}

async function planStep(
  path: string,
  phase: Phase,
  step: Step | InnerStep,
  makers: Makers,
  deps: PlanStepsDeps,
): Promise<PlannedStep> {
  const skipped = step.if === 'false';
  const record: StepRecord = {...describe(path, phase, step), ...(skipped ? {skipped} : {})};
  const children: PlannedStep[] = [];
  if ('parallel' in step && step.parallel !== undefined) {
    for (const [index, inner] of step.parallel.entries()) {
      children.push(await planStep(`${path}.${index}`, phase, inner, makers, deps));
    }
  }
  if (step.manual !== undefined) deps.make({record, makings: []});
  if (step.uses !== undefined && skipped) lookAt(record, step.uses);
  if (step.uses !== undefined && !skipped) {
    const brings = await planUses(record, step.uses, step.with ?? {}, makers, deps);
    makers.any = true;
    makers.kinds ||= brings;
  }
  return {record, step, children};
}

async function planUses(
  record: StepRecord,
  uses: string,
  input: JsonObject,
  makers: Makers,
  deps: PlanStepsDeps,
): Promise<boolean> {
  const definition = actionOf(uses);
  // A program may bring kinds as well, and so may what could not be looked at.
  const unknown = definition.needs !== undefined;
  try {
    const {value, complete} = resolveLate(input, deps.scope, {partial: true});
    record.with = value;
    if (!complete) {
      record.deferred = true;
      deps.make({record, makings: []});
      return true;
    }
    const parsed = parseInput(definition.input, value, `${record.path}.with`);
    record.reversal = typeof definition.reversal === 'function' ? definition.reversal(parsed) : definition.reversal;
    deps.permit(definition.permissions(parsed, {defaultNamespace: deps.defaultNamespace}));
    const missing = missingMeans(definition, deps.means);
    if (missing !== undefined) {
      deps.refuse(needsMore(record.path, missing));
      return unknown;
    }
    const foreseen = makers.any ? foresee(definition, parsed, {...deps, objects: makers.objects}) : undefined;
    if (foreseen !== undefined) record.foreseen = foreseen;
    const plan = await planned(record, deps.look, () =>
      definition.plan(deps.contextOf(record.path, definition), parsed),
    );
    deps.permit(plan.permissions ?? []);
    deps.lose(plan.losses ?? []);
    deps.bring(plan.brings ?? []);
    apply(record, plan);
    deps.make({record, makings: plan.makes ?? []});
    makers.objects.push(...(plan.makes ?? []).flatMap(({by, object}) => (by === 'step' ? [object] : [])));
    return unknown || (plan.brings ?? []).length > 0 || plan.targets.some(mayBringKinds);
  } catch (error) {
    if (isNoKind(error) ? makers.kinds : (isAbsent(error) || isHeld(error)) && makers.any) {
      record.deferred = true;
      deps.make({record, makings: []});
      return true;
    }
    if (!(error instanceof DrillError) || isUnreachable(error)) throw error;
    deps.refuse({
      guard: `${record.path} ${uses}`,
      message: error.message,
      ...(error.hint === undefined ? {} : {hint: error.hint}),
    });
    return unknown;
  }
}

/** Kinds of which no object brings others: any other may be an operator, or what one acts on. */
const inert = new Set(['ConfigMap', 'Namespace', 'NetworkPolicy', 'Secret', 'Service', 'ServiceAccount']);

const mayBringKinds = ({apiVersion, kind}: Target): boolean =>
  !inert.has(kind) && groupOf(apiVersion) !== 'rbac.authorization.k8s.io';

/** How many targets a step is to have once the earlier ones are done; undefined where nobody can tell. */
function foresee(definition: ActionDefinition, input: unknown, coming: Coming): number | undefined {
  if (definition.foresees !== undefined) return definition.foresees(input, coming);
  const isNamed = definition.needs === undefined && isJsonObject(input) && typeof input.name === 'string';
  return isNamed ? 1 : undefined;
}

/** A step's plan; where it can be recalled, the one that was made of the same input. */
export const planned = (
  {path, with: input}: StepRecord,
  look: Look,
  plan: () => Promise<ActionPlan>,
): Promise<ActionPlan> => look.ask(`plan ${path} ${JSON.stringify(input)}`, plan);

/** What is left out is not planned; whether it would have changed anything is still a part of what the scenario has. */
function lookAt(record: StepRecord, uses: string): void {
  const {reversal, input} = actionOf(uses);
  const given = typeof reversal === 'function' ? input.safeParse(record.with) : undefined;
  if (typeof reversal !== 'function') record.reversal = reversal;
  else if (given?.success) record.reversal = reversal(given.data);
}

/** Copies what an action found into the step's record. */
export function apply(record: StepRecord, plan: ActionPlan): void {
  record.targets = plan.targets;
  record.cascade = plan.cascade ?? [];
  record.undoKinds = plan.undoKinds;
  if (plan.notes !== undefined) record.notes = plan.notes;
}

/** The definition of an action kind; the scenario was checked against the same registry. */
export function actionOf(kind: string): ActionDefinition {
  return actions[kind] as ActionDefinition;
}

function describe(path: string, phase: Phase, step: Step | InnerStep): StepRecord {
  const {id, name, runbookStep} = step;
  const common = {
    path,
    phase,
    ...(id === undefined ? {} : {id}),
    ...(name === undefined ? {} : {name}),
    ...(runbookStep === undefined ? {} : {runbookStep}),
    timeout: stepDeadline(step),
    targets: [],
    cascade: [],
    undoKinds: [],
  };
  if (step.uses !== undefined) return {...common, form: 'uses', uses: step.uses, with: step.with ?? {}};
  if (step.waitFor !== undefined) {
    const {probe, uses, expect} = step.waitFor;
    return {...common, form: 'waitFor', text: `${probe ?? uses ?? ''}${expect === undefined ? '' : `: ${expect}`}`};
  }
  if (step.manual !== undefined) return {...common, form: 'manual', text: step.manual};
  if (step.pause !== undefined) return {...common, form: 'pause'};
  if (step.undo !== undefined) return {...common, form: 'undo', text: step.undo};
  return {...common, form: 'parallel'};
}

/** The API server does not serve the kind: a mistake, unless an earlier step may bring it. */
const isNoKind = (error: unknown): boolean =>
  (error instanceof DrillError && error.code === 'E_NO_KIND') ||
  (isClusterError(error, 'notFound') && error.detail === noSuchKind);

function isAbsent(error: unknown): boolean {
  return (
    (error instanceof ClusterError && error.reason === 'notFound') ||
    (error instanceof DrillError && error.code === 'E_TARGET_NOT_FOUND')
  );
}

/** Something keeps the target from going; an earlier step may take it away. */
const isHeld = (error: unknown): boolean => error instanceof DrillError && error.code === 'E_TARGET_HELD';

function isUnreachable(error: DrillError): boolean {
  return error instanceof ClusterError && (error.reason === 'unreachable' || error.reason === 'timeout');
}
