import type {ActionDefinition} from '../../actions/define.ts';
import {actions} from '../../actions/index.ts';
import {canaries} from '../../canary/index.ts';
import {closest} from '../../io/closest.ts';
import type {Json} from '../../io/json.ts';
import type {ProbeDefinition} from '../../probes/define.ts';
import {probes} from '../../probes/index.ts';
import type {Path} from '../diagnostics.ts';
import type {Problem} from '../problems.ts';
import {checkShape} from '../shape.ts';
import {objectOf, textOf, type View} from '../view.ts';

type Report = (problem: Problem) => void;

/** The action of that kind, undefined when there is none. */
export const actionOfKind = (kind: Json | undefined): ActionDefinition | undefined =>
  typeof kind === 'string' && Object.hasOwn(actions, kind)
    ? (actions as unknown as Readonly<Record<string, ActionDefinition>>)[kind]
    : undefined;

/** The probe of that kind, undefined when there is none. */
export const probeOfKind = (kind: Json | undefined): ProbeDefinition | undefined =>
  typeof kind === 'string' && Object.hasOwn(probes, kind) ? probes[kind] : undefined;

const vantages = ['runner', 'cluster', 'node'] as const;

/** Every kind that is used exists, fits its place, and gets an input that it takes. */
export function checkKinds(view: View, report: Report): void {
  for (const {path, raw, forms} of view.steps) {
    if (forms.includes('uses')) checkAction(path, raw.uses, raw.with, report);
    const waitFor = objectOf(raw.waitFor);
    if (waitFor.uses !== undefined) checkProbe([...path, 'waitFor'], waitFor.uses, waitFor.with, report);
  }
  for (const {path, raw} of view.probes) {
    const definition = checkProbe(path, raw.uses, raw.with, report);
    const from = vantages.find((vantage) => vantage === raw.from);
    if (!definition || from === undefined || definition.from.includes(from)) continue;
    const message = `${definition.kind} cannot sample from ${from}`;
    report({path: [...path, 'from'], code: 'E_KIND', message, hint: `It can from ${definition.from.join(', ')}.`});
  }
  for (const {path, raw} of view.canaries) {
    const {uses} = raw;
    // The schema has reported a kind that there is not.
    if (typeof uses !== 'string' || !Object.hasOwn(canaries, uses)) continue;
    const definition = canaries[uses];
    if (definition) checkInput(definition.input, path, raw.with, report);
  }
  if (view.proof) checkProbe(view.proof.path, view.proof.raw.uses, view.proof.raw.with, report);
  for (const {path, raw} of view.checks) {
    const definition = checkProbe(path, raw.uses, raw.with, report);
    const control = textOf(raw.control);
    if (!definition || control === undefined) continue;
    const problem = controlProblem(definition, control, raw.with);
    if (problem) report({path: [...path, 'control'], code: 'E_KIND', ...problem});
  }
}

/** Why a check cannot be controlled by that name, and what it can do instead. */
function controlProblem(
  {kind, controls = {}, input}: ProbeDefinition,
  control: string,
  given: Json | undefined,
): Pick<Problem, 'message' | 'hint'> | undefined {
  const variant = controls[control];
  if (Object.hasOwn(controls, control) && variant !== undefined) {
    const parsed = input.safeParse(given ?? {});
    if (!parsed.success || variant(parsed.data) !== undefined) return undefined;
    return {
      message: `the input of this check offers no control "${control}"`,
      hint:
        control === 'controlArgv'
          ? 'Give `with` a `controlArgv`: the same question about something known bad.'
          : undefined,
    };
  }
  const known = Object.keys(controls);
  return {
    message: `${kind} has no control "${control}"`,
    hint:
      known.length > 0
        ? `Known: ${known.join(', ')}.`
        : 'It has none: leave `control` out, and ask at a moment at which the answer must be another (`states.broken`).',
  };
}

function checkAction(path: Path, kind: Json | undefined, input: Json | undefined, report: Report): void {
  if (typeof kind !== 'string') return;
  const definition = actionOfKind(kind);
  if (definition) checkInput(definition.input, path, input, report);
  else unknownKind('action', kind, Object.keys(actions), path, report);
}

function checkProbe(
  path: Path,
  kind: Json | undefined,
  input: Json | undefined,
  report: Report,
): ProbeDefinition | undefined {
  if (typeof kind !== 'string') return undefined;
  const definition = probeOfKind(kind);
  if (definition) checkInput(definition.input, path, input, report);
  else unknownKind('probe', kind, Object.keys(probes), path, report);
  return definition;
}

function checkInput(schema: ActionDefinition['input'], path: Path, input: Json | undefined, report: Report): void {
  checkShape(schema, input ?? {}, report, [...path, 'with']);
}

function unknownKind(what: string, kind: string, known: readonly string[], path: Path, report: Report): void {
  const meant = closest(kind, known);
  const hint = `${meant ? `Did you mean "${meant}"? ` : ''}Known: ${known.toSorted().join(', ')}.`;
  const place = [...path, 'uses'];
  report({path: place, code: 'E_KIND', message: `the ${what} "${kind}" is not in this version of kubedrill`, hint});
}

/** Names that an `expect` over this kind may read. */
export const observedBy = (kind: Json | undefined): string[] => Object.keys(probeOfKind(kind)?.observes ?? {});
