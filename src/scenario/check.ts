import type {Json} from '../io/json.ts';
import {evaluateCel, namesRead} from './expressions/cel.ts';
import type {EnvironmentCache} from './expressions/check.ts';
import {substitute} from './expressions/substitute.ts';
import {parseTemplate} from './expressions/template.ts';
import type {Problem, Problems} from './problems.ts';
import {checkExpressions} from './rules/expressions.ts';
import {checkFigures} from './rules/figures.ts';
import {checkKinds} from './rules/kinds.ts';
import {checkNames} from './rules/names.ts';
import {unprovable} from './rules/provable.ts';
import {checkSteps} from './rules/steps.ts';
import {checkType} from './rules/types.ts';
import {scenarioSchema} from './schema/scenario.ts';
import {checkShape, hasExpression} from './shape.ts';
import {checkVars, committedValues} from './vars.ts';
import {objectOf, viewOf} from './view.ts';

/**
 * Checks a document by itself: shape, names, kinds, expressions, and the figures with the vars of each environment
 * that the scenario gives values for.
 */
export function checkScenario(value: Json, problems: Problems, cache: EnvironmentCache): void {
  const report = (problem: Problem) => problems.add(problem);
  const view = viewOf(value);
  checkVars(view, report);
  checkNames(view, report);
  checkSteps(view, report);
  checkType(view, report);
  checkExpressions(value, view, cache, report);
  if (problems.count > 0) {
    // Values of broken expressions would bring problems of their own.
    checkValues(value, report);
    return;
  }
  const environments = new Set(view.vars.flatMap(({raw}) => Object.keys(objectOf(raw.perEnvironment))));
  for (const environment of [undefined, ...environments]) {
    const filled = replaceEarly(value, {vars: committedValues(view, environment)}, () => {});
    const before = problems.count;
    const scenario = checkValues(filled, (problem) => {
      const where = environment === undefined ? '' : ` (in environment ${environment})`;
      report({...problem, message: `${problem.message}${where}`});
    });
    if (problems.count > before) return;
    if (environment === undefined && scenario) for (const warning of unprovable(scenario.spec)) problems.warn(warning);
  }
}

/** The checks that see values: shape, inputs of the kinds, figures. Returns the scenario when all of it is right. */
export function checkValues(value: Json, report: (problem: Problem) => void) {
  let wrong = 0;
  const counted = (problem: Problem) => {
    wrong++;
    report(problem);
  };
  const scenario = checkShape(scenarioSchema, value, counted);
  checkKinds(viewOf(value), counted);
  if (scenario) checkFigures(scenario.spec, counted);
  return wrong === 0 ? scenario : undefined;
}

/** What `${{ }}` may read before the run. Without `env`, expressions that read it stay as they are. */
export interface EarlyScope {
  vars: Readonly<Record<string, Json>>;
  env?: Readonly<Record<string, string>>;
}

/**
 * Replaces the `${{ }}` that read vars and env only; others stay for the run. What reads a var or environment
 * variable without value stays, too.
 */
export function replaceEarly(value: Json, scope: EarlyScope, report: (problem: Problem) => void): Json {
  const bindings = {vars: scope.vars, env: scope.env ?? {}};
  return substitute(
    value,
    (source) => {
      const simple = /^vars\.([a-z]\w*)$/.exec(source)?.[1];
      if (simple !== undefined) return scope.vars[simple];
      const ready = namesRead(source).every(({root, members: [first]}) => {
        if (root === 'vars') return first === undefined || Object.hasOwn(scope.vars, first);
        return root === 'env' && scope.env !== undefined;
      });
      return ready ? evaluateCel(source, bindings) : undefined;
    },
    report,
  );
}

/** Names of the environment variables that a document reads. */
export function environmentRead(value: Json): Set<string> {
  const names = new Set<string>();
  const visit = (part: Json | undefined): void => {
    if (typeof part === 'string') {
      for (const {source} of hasExpression(part) ? parseTemplate(part).holes : []) {
        for (const {root, members} of namesRead(source)) if (root === 'env' && members[0]) names.add(members[0]);
      }
    } else if (Array.isArray(part)) part.forEach(visit);
    else if (typeof part === 'object' && part !== null) Object.values(part).forEach(visit);
  };
  visit(value);
  return names;
}
