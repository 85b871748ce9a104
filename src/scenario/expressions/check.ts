import type {Environment, TypeCheckResult} from '@marcbachmann/cel-js';
import {closest} from '../../io/closest.ts';
import type {Path} from '../diagnostics.ts';
import type {Problem} from '../problems.ts';
import type {varTypes} from '../schema/vars.ts';
import {textOf, type View} from '../view.ts';
import {type Access, accesses} from './ast.ts';
import {celEnvironment, celMessage} from './cel.ts';

/** Where an expression stands and what it may read there. */
export interface Site {
  path: Path;
  /** Offset of the expression in the scalar's value. */
  at: number;
  /** `vars`, `env`, `steps`, `run`, `cluster`, `before` or what a probe observes. */
  roots: readonly string[];
  /** Steps whose outputs are known here, with the members of their outputs, when those are known. */
  steps?: ReadonlyMap<string, readonly string[] | undefined>;
  /** Why other steps are not known here. */
  stepsRule?: string;
  /** The result must be true or false. */
  condition?: boolean;
}

/** What `run` and `cluster` hold. */
export const knownMembers: Readonly<Record<string, readonly string[]>> = {
  run: ['id', 'label', 'seed'],
  cluster: ['uid', 'server', 'context', 'version', 'environment', 'practice'],
};

/** CEL types of vars. A number may be integral, which CEL sees as an int: its type is known at evaluation only. */
const celTypes: Readonly<Record<(typeof varTypes)[number], string>> = {
  string: 'string',
  integer: 'int',
  number: 'dyn',
  boolean: 'bool',
  duration: 'string',
  enum: 'string',
};

/** Parses and checks expressions with the same names known. Throws what CEL throws for a syntax error. */
type Analyse = (source: string) => {accesses: readonly Access[]; result: () => TypeCheckResult};

/**
 * Analyses by the names and types declared for them. Making an environment costs more than checking an expression, and
 * the files of a folder have most of their expressions in common.
 */
export type EnvironmentCache = Map<string, Analyse>;

/** Checks the expressions of one document: syntax, names, members and types. */
export class ExpressionChecker {
  readonly #vars: ReadonlyMap<string, string>;
  readonly #stepIds: readonly string[];
  readonly #cache: EnvironmentCache;
  readonly #report: (problem: Problem) => void;

  constructor(view: View, cache: EnvironmentCache, report: (problem: Problem) => void) {
    this.#vars = new Map(
      view.vars.map(({name = '', raw}) => [name, celTypes[textOf(raw.type) as keyof typeof celTypes] ?? 'dyn']),
    );
    this.#stepIds = view.steps.flatMap(({id}) => (id === undefined ? [] : [id]));
    this.#cache = cache;
    this.#report = report;
  }

  check(source: string, site: Site): void {
    const simple = /^vars\.([a-z]\w*)$/.exec(source);
    if (simple?.[1] !== undefined && this.#vars.has(simple[1]) && !site.condition && site.roots.includes('vars'))
      return;
    try {
      const {accesses, result} = this.#analyser(site.roots)(source);
      const wrong = accesses.filter((access) => this.#checkAccess(access, source, site));
      if (wrong.length > 0) return;
      const {valid, type, error} = result();
      if (!valid) this.#add(site, celMessage(error), undefined, rangeOf(error));
      else if (site.condition && type !== 'bool' && type !== 'dyn') {
        this.#add(site, `must be true or false, but gives ${type}`, undefined, [0, source.length]);
      }
    } catch (error) {
      this.#add(site, celMessage(error), undefined, rangeOf(error));
    }
  }

  #analyser(roots: readonly string[]): Analyse {
    const vars = roots.includes('vars') ? [...this.#vars].map((pair) => pair.join(':')).join() : '';
    const key = `${roots.join()};${vars}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const environment = celEnvironment();
    for (const root of roots) {
      if (root === 'vars' && this.#vars.size > 0)
        environment.registerVariable('vars', {schema: Object.fromEntries(this.#vars)});
      else environment.registerVariable(root, root === 'env' ? 'map<string, string>' : 'dyn');
    }
    const analyse = analyser(environment);
    this.#cache.set(key, analyse);
    return analyse;
  }

  /** Reports what is wrong with one name; tells whether something was. */
  #checkAccess({root, members, spans}: Access, source: string, site: Site): boolean {
    const [first, second, third] = members;
    const wrong = (index: number, message: string, hint?: string): true => {
      this.#add(site, message, hint, memberSpan(source, spans[index]));
      return true;
    };
    if (!site.roots.includes(root)) {
      if (root === 'steps' || root === 'before') return wrong(0, `"${root}" is not known here`, rootsHint(site));
      const meant = closest(root, site.roots);
      return wrong(0, `unknown name "${root}"`, meant ? `Did you mean "${meant}"?` : rootsHint(site));
    }
    if (first === undefined) return false;
    if (root === 'vars' && !this.#vars.has(first))
      return wrong(1, `there is no var "${first}"`, meantHint(first, [...this.#vars.keys()]));
    const known = knownMembers[root];
    if (known && !known.includes(first)) return wrong(1, `"${root}" has no "${first}"`, meantHint(first, known));
    if (root !== 'steps') return false;
    if (!this.#stepIds.includes(first))
      return wrong(1, `there is no step with id "${first}"`, meantHint(first, this.#stepIds));
    if (!site.steps?.has(first)) return wrong(1, `the outputs of step "${first}" are not known here`, site.stepsRule);
    if (second !== undefined && second !== 'outputs')
      return wrong(2, `a step has no "${second}"`, `Write steps.${first}.outputs.`);
    const outputs = site.steps.get(first);
    if (third === undefined || !outputs || outputs.includes(third)) return false;
    return wrong(3, `step "${first}" has no output "${third}"`, meantHint(third, outputs));
  }

  #add(site: Site, message: string, hint: string | undefined, range: readonly [number, number] | undefined): void {
    const span: [number, number] = [site.at + (range?.[0] ?? 0), site.at + (range?.[1] ?? 1)];
    this.#report({path: site.path, code: 'E_EXPRESSION', message: `in this expression: ${message}`, hint, span});
  }
}

/** Each expression once: what is found out about it stays the same. */
function analyser(environment: Environment): Analyse {
  const known = new Map<string, ReturnType<Analyse>>();
  return (source) => {
    const before = known.get(source);
    if (before) return before;
    const parsed = environment.parse(source);
    let result: TypeCheckResult | undefined;
    const analysis = {
      accesses: accesses(parsed.ast),
      result: () => {
        result ??= parsed.check();
        return result;
      },
    };
    known.set(source, analysis);
    return analysis;
  };
}

const rootsHint = ({roots}: Site): string => `Known here: ${roots.join(', ')}.`;

function meantHint(given: string, candidates: readonly string[]): string | undefined {
  const meant = closest(given, candidates);
  if (meant) return `Did you mean "${meant}"?`;
  return candidates.length > 0 ? `Known: ${candidates.join(', ')}.` : undefined;
}

function rangeOf(error: unknown): [number, number] | undefined {
  if (typeof error !== 'object' || error === null || !('range' in error)) return undefined;
  const {range} = error as {range?: {start: number; end: number}};
  return range && [range.start, Math.max(range.end, range.start + 1)];
}

/** CEL gives the place of the dot or of the member; the member itself is shown. */
function memberSpan(source: string, span: [number, number] | undefined): [number, number] | undefined {
  if (!span) return undefined;
  let [start] = span;
  while (source[start] === '.' || source[start] === '?' || source[start] === ' ') start++;
  return [start, span[1]];
}
