import type {Json} from '../../io/json.ts';
import type {Path} from '../diagnostics.ts';
import {readsNone} from '../expressions/cel.ts';
import {type EnvironmentCache, ExpressionChecker, type Site} from '../expressions/check.ts';
import {parseTemplate} from '../expressions/template.ts';
import type {Problem} from '../problems.ts';
import {scenarioSchema} from '../schema/scenario.ts';
import {coreSchemas, definitionOf, isStructural} from '../schema/walk.ts';
import {hasExpression} from '../shape.ts';
import {type Entry, objectOf, type StepEntry, textOf, type View} from '../view.ts';
import {actionOfKind, observedBy, probeOfKind} from './kinds.ts';

type Report = (problem: Problem) => void;
/** Checks the text of a field that is an expression itself. */
type Check = (path: Path, source: Json | undefined, site: Omit<Site, 'path' | 'at' | 'condition'>) => void;
type Outputs = ReadonlyMap<string, readonly string[] | undefined>;

/** Everything that is known once the drill runs. */
const lateRoots = ['vars', 'env', 'steps', 'run', 'cluster'] as const;

/** Checks every expression of a document: those that stand directly and those in `${{ }}`. */
export function checkExpressions(value: Json, view: View, cache: EnvironmentCache, report: Report): void {
  const checker = new ExpressionChecker(view, cache, report);
  const sites = new Sites(view);
  checkDirect(view, sites, checker, report);
  const visit = (part: Json, path: (string | number)[]): void => {
    if (typeof part === 'string') {
      if (hasExpression(part)) checkTemplate(part, [...path], sites, checker, report);
    } else if (typeof part === 'object' && part !== null) {
      const members = Array.isArray(part) ? part.entries() : Object.entries(part);
      for (const [key, member] of members) {
        if (member === undefined) continue;
        path.push(key);
        visit(member, path);
        path.pop();
      }
    }
  };
  visit(value, []);
}

/** Fields that hold CEL themselves. */
function checkDirect(view: View, sites: Sites, checker: ExpressionChecker, report: Report): void {
  const check: Check = (path, source, site) => {
    // The scan of all texts reports a `${{ }}` in here.
    if (typeof source !== 'string' || source.trim() === '' || hasExpression(source)) return;
    checker.check(source, {...site, path, at: 0, condition: true});
  };
  for (const step of view.steps) {
    check([...step.path, 'if'], step.raw.if, {roots: ['vars', 'env']});
    const {uses, expect} = objectOf(step.raw.waitFor);
    if (probeOfKind(uses))
      check([...step.path, 'waitFor', 'expect'], expect, {
        ...sites.before(step),
        roots: [...lateRoots, ...observedBy(uses)],
      });
  }
  for (const {path, raw} of view.probes) {
    // What an unknown kind observes is unknown, too; the kind has been reported.
    if (probeOfKind(raw.uses))
      check([...path, 'expect'], raw.expect, {...sites.prepared(), roots: [...lateRoots, ...observedBy(raw.uses)]});
  }
  for (const entry of view.checks) {
    if (!probeOfKind(entry.raw.uses)) continue;
    check([...entry.path, 'expect'], entry.raw.expect, {
      ...sites.ofCheck(entry),
      roots: [...lateRoots, 'before', ...observedBy(entry.raw.uses)],
    });
  }
  checkProof(view, sites, check, report);
  for (const {path, raw} of [...view.probes, ...view.checks, ...(view.proof ? [view.proof] : [])]) {
    if (!hasExpression(raw.expect)) continue;
    report({
      path: [...path, 'expect'],
      code: 'E_EXPRESSION',
      message: `\`expect\` is an expression itself: names stand in it directly, without \${{ }}`,
    });
  }
}

/**
 * What proves the fault must be able to be no, because of what the world is: it reads something that is observed. What
 * the fault's own step says of itself is not known before the fault, and is no observation.
 */
function checkProof({proof}: View, sites: Sites, check: Check, report: Report): void {
  if (!proof || !probeOfKind(proof.raw.uses)) return;
  const path = [...proof.path, 'expect'];
  const {expect, uses} = proof.raw;
  const observed = observedBy(uses);
  check(path, expect, {...sites.asked(), roots: [...lateRoots, 'before', ...observed]});
  if (typeof expect !== 'string' || hasExpression(expect)) return;
  if (!readsNone(expect, observed)) return;
  report({
    path,
    code: 'E_EXPRESSION',
    message: 'a proof that reads nothing that is observed is always the same, whatever the fault did',
    hint: `${textOf(uses)} observes ${observed.join(', ')}.`,
  });
}

function checkTemplate(text: string, path: Path, sites: Sites, checker: ExpressionChecker, report: Report): void {
  if (isStructural(scenarioSchema, path)) {
    // `expect` has a message of its own.
    if (path.at(-1) === 'expect') return;
    const hint = 'It belongs to the structure of the drill, which is the same in every environment.';
    report({path, code: 'E_EXPRESSION', message: `\`${path.at(-1)}\` takes no \${{ }}`, hint});
    return;
  }
  const {holes, unclosed} = parseTemplate(text);
  if (unclosed !== undefined) {
    const span = [unclosed, unclosed + 3] as const;
    report({path, code: 'E_EXPRESSION', message: `this \${{ is never closed with }}`, span});
  }
  const site = sites.ofPath(path);
  for (const {source, at, start, end} of holes) {
    if (source === '') report({path, code: 'E_EXPRESSION', message: `this \${{ }} is empty`, span: [start, end]});
    else checker.check(source, {...site, path, at});
  }
}

/** Which steps' outputs are known at which place. */
class Sites {
  readonly #view: View;
  readonly #byPath: ReadonlyMap<string, Entry>;

  constructor(view: View) {
    this.#view = view;
    const entries = [...view.steps, ...view.checks];
    this.#byPath = new Map(entries.map((entry) => [entry.path.join('/'), entry]));
  }

  /** A `${{ }}` at this path. */
  ofPath(path: Path): Omit<Site, 'path' | 'at'> {
    const [, section, third] = path;
    const step = this.#stepOf(path);
    if (step) {
      const key = path[step.path.length];
      const late = key === 'with' || key === 'manual' || key === 'waitFor';
      return late ? {...this.before(step), roots: lateRoots} : early;
    }
    const check = section === 'verify' && third === 'checks' ? this.#byPath.get(path.slice(0, 4).join('/')) : undefined;
    if (check && path[4] === 'with') return {...this.ofCheck(check), roots: lateRoots};
    if (section === 'effect' && third === 'prove' && path[3] === 'with') return {...this.asked(), roots: lateRoots};
    const prepared = section === 'recoveryPoint' ? third === 'with' : path[3] === 'with';
    if ((section === 'probes' || section === 'canaries' || section === 'recoveryPoint') && prepared) {
      return {...this.prepared(), roots: lateRoots};
    }
    return early;
  }

  /** In a step: what was played before it. The fault's targets may depend on `prepare` alone. */
  before(step: StepEntry): {steps: Outputs; stepsRule: string} {
    if (step.phase === 'inject') {
      return this.#where(({phase}) => phase === 'prepare', 'What a fault hits may depend on steps of prepare only.');
    }
    const rule = step.inParallel ? 'Steps in `parallel` do not see each other.' : 'It is not played before this step.';
    return this.#where(({order, id}) => order < step.order && id !== step.id, rule);
  }

  prepared(): {steps: Outputs; stepsRule: string} {
    return this.#where(({phase}) => phase === 'prepare', 'This begins after prepare and before inject.');
  }

  /** `effect.prove`. */
  asked(): {steps: Outputs; stepsRule: string} {
    return this.#where(({phase}) => phase === 'prepare', 'The proof is asked before the fault, too.');
  }

  /** A check sees what was played when it is asked for the first time. */
  ofCheck({raw}: Entry): {steps: Outputs; stepsRule: string} {
    const states = objectOf(raw.states);
    if (states.before !== 'skip') {
      return this.#where(
        ({phase}) => phase === 'prepare',
        'The check is asked before the fault, too; or set states.before: skip.',
      );
    }
    if (states.broken !== 'skip') {
      return this.#where(
        ({phase}) => phase !== 'recover',
        'The check is asked while broken, too; or set states.broken: skip.',
      );
    }
    return this.#where(() => true, '');
  }

  #stepOf(path: Path): StepEntry | undefined {
    const inner = path[3] === 'parallel' ? path.slice(0, 5) : path.slice(0, 3);
    const entry = this.#byPath.get(inner.join('/')) ?? this.#byPath.get(path.slice(0, 3).join('/'));
    return entry && 'phase' in entry ? (entry as StepEntry) : undefined;
  }

  #where(known: (step: StepEntry) => boolean, stepsRule: string): {steps: Outputs; stepsRule: string} {
    const steps = new Map<string, readonly string[] | undefined>();
    for (const step of this.#view.steps) {
      if (step.id !== undefined && known(step)) steps.set(step.id, outputsOf(step.raw.uses));
    }
    return {steps, stepsRule};
  }
}

const early: Omit<Site, 'path' | 'at'> = {roots: ['vars', 'env']};

/** Members of an action's outputs; undefined when they are not fixed. */
function outputsOf(kind: Json | undefined): readonly string[] | undefined {
  const definition = actionOfKind(kind);
  if (!definition) return undefined;
  const shapes = coreSchemas(definition.output).map((core) => definitionOf(core).shape);
  return shapes.every((shape) => shape !== undefined) ? shapes.flatMap((shape) => Object.keys(shape ?? {})) : undefined;
}
