import {DrillError, ExitCode} from '../../io/errors.ts';
import {isOutside, type Target, targetText} from '../../io/target.ts';
import type {PlanRecord, StepRecord} from '../../journal/plan.ts';
import {ownNamespace} from '../lock/live-lease.ts';
import type {GuardAnswer} from '../types.ts';

/** Namespaces that nobody breaks by mistake. */
export const protectedByDefault: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'default',
  ownNamespace,
];

type AllowProtected = PlanRecord['allowProtected'];

/** Whether a target is covered by an allowance: by kind, namespace, and name or labels. */
export type Covers = (target: Target, allowance: AllowProtected[number]) => Promise<boolean>;

interface TargetFacts {
  steps: readonly StepRecord[];
  maxTargets: number | undefined;
  maxCascade: number | undefined;
  allowProtected: AllowProtected;
  /** The default ones and those of the config. */
  protectedNamespaces: readonly string[];
  isNamespaced: (target: Target) => Promise<boolean>;
  covers: Covers;
}

/** Caps and protection over all steps that are played; deferred ones are asked again right before they run. */
export async function guardTargets(facts: TargetFacts): Promise<GuardAnswer[]> {
  const played = facts.steps.filter(({skipped}) => skipped !== true);
  const answers: GuardAnswer[] = [];
  const faults = played.filter(({phase}) => phase === 'inject').flatMap(({targets}) => targets);
  if (facts.maxTargets !== undefined) {
    const coming = played.filter(({phase}) => phase === 'inject').reduce((sum, step) => sum + comingOf(step), 0);
    const count = faults.length + coming;
    const ok = count <= facts.maxTargets;
    const made = coming === 0 ? '' : `, ${coming} of them made by earlier steps`;
    const which = faults.length === 0 ? '' : `They are ${names(faults)}${coming === 0 ? '' : ', and more'}. `;
    answers.push({
      guard: 'maxTargets',
      ok,
      message: `${count} of at most ${facts.maxTargets} targets${made}${later(played)}`,
      ...(ok ? {} : {hint: `${which}Narrow the selection, or raise target.maxTargets on purpose.`}),
    });
  }
  const cascade = played.flatMap((step) => step.cascade);
  if (facts.maxCascade !== undefined) {
    const ok = cascade.length <= facts.maxCascade;
    answers.push({
      guard: 'maxCascade',
      ok,
      message: `${cascade.length} of at most ${facts.maxCascade} objects go with the targets`,
      ...(ok ? {} : {hint: 'Raise target.maxCascade on purpose.'}),
    });
  }
  for (const step of played) {
    const bare = await unprotected(facts, step.targets);
    const along = await unprotected(facts, elsewhere(step));
    if (bare.length === 0 && along.length === 0) continue;
    const change = bare.length === 0 ? 'take along' : 'change';
    answers.push({
      guard: 'protected',
      ok: false,
      message: `${step.path} (${step.uses ?? step.form}) would ${change} ${names([...bare, ...along])}, which is protected`,
      hint: 'Allow exactly that under target.allowProtected, with kind, namespace, selector or name, and a reason.',
    });
  }
  if (!answers.some(({guard}) => guard === 'protected')) {
    answers.push({guard: 'protected', ok: true, message: 'nothing protected is changed but what the scenario allows'});
  }
  return answers;
}

/** How many targets a step is to have beside those that are there. */
const comingOf = ({foreseen = 0, targets}: StepRecord): number => Math.max(0, foreseen - targets.length);

/** Steps whose targets are not there yet; the caps are asked again when they are. */
function later(played: readonly StepRecord[]): string {
  const waiting = played.filter(
    (step) => step.phase === 'inject' && step.deferred && step.targets.length === 0 && comingOf(step) === 0,
  );
  if (waiting.length === 0) return '';
  return `; those of ${waiting.map(({path}) => path).join(', ')} are counted once an earlier step has made them`;
}

/** What goes with the targets, where none of them lies: whoever allows an owner does not see it there. */
function elsewhere({targets, cascade}: StepRecord): Target[] {
  const places = new Set(targets.map(({namespace}) => namespace).filter((namespace) => namespace !== undefined));
  return cascade.filter(({namespace}) => namespace === undefined || !places.has(namespace));
}

/** The targets that are protected and that no allowance covers. */
async function unprotected(facts: TargetFacts, targets: readonly Target[]): Promise<Target[]> {
  const bare: Target[] = [];
  for (const target of targets) {
    const guarded = guardedBy(target);
    if (guarded === undefined || !(await isProtected(facts, guarded))) continue;
    const covered = await Promise.all(facts.allowProtected.map((allowance) => facts.covers(guarded, allowance)));
    if (!covered.includes(true)) bare.push(target);
  }
  return bare;
}

/**
 * The object whose protection is a target's: its own, or for what lies outside of the API that of its node. Undefined
 * for what belongs to no node, such as programs: the guard for commands answers for those.
 */
function guardedBy(target: Target): Target | undefined {
  if (!isOutside(target)) return target;
  return target.node === undefined ? undefined : {apiVersion: 'v1', kind: 'Node', name: target.node};
}

/** Protected namespaces and what is in them; and every cluster-scoped object but an unprotected namespace. */
async function isProtected({protectedNamespaces, isNamespaced}: TargetFacts, target: Target): Promise<boolean> {
  if (target.kind === 'Namespace' && target.apiVersion === 'v1') return protectedNamespaces.includes(target.name);
  if (!(await isNamespaced(target))) return true;
  return target.namespace === undefined || protectedNamespaces.includes(target.namespace);
}

/** Throws the first guard that says no: the second look, right before a step. */
export function enforce(answers: readonly GuardAnswer[]): void {
  const no = answers.find(({ok}) => !ok);
  if (no === undefined) return;
  throw new DrillError(`${no.guard}: ${no.message}`, ExitCode.refused, {
    code: 'E_GUARD',
    ...(no.hint === undefined ? {} : {hint: no.hint}),
  });
}

function names(targets: readonly Target[]): string {
  const shown = targets.slice(0, 5).map(targetText);
  return targets.length > 5 ? `${shown.join(', ')} and ${targets.length - 5} more` : shown.join(', ');
}
