import type * as z from 'zod';
import {UsageError} from '../io/errors.ts';
import type {Json} from '../io/json.ts';
import {environmentOf} from './as-run.ts';
import {checkValues, replaceEarly} from './check.ts';
import {pathText} from './diagnostics.ts';
import {evaluateCel} from './expressions/cel.ts';
import {definedOnly} from './expressions/substitute.ts';
import type {ScenarioFile} from './file.ts';
import {type Problem, Problems} from './problems.ts';
import type {InnerStep, Metadata, Spec, Step} from './schema/scenario.ts';
import {checkShape} from './shape.ts';

/** A scenario with all values in place that are known before the run. */
export interface ResolvedScenario {
  file: ScenarioFile;
  metadata: Metadata;
  /**
   * Durations are milliseconds. The `if` of a step is `true` or `false`. `${{ }}` that read steps, run or cluster
   * still stand in `with` and in the texts of manual steps.
   */
  spec: Spec;
  /** Durations are Go strings. */
  vars: Readonly<Record<string, Json>>;
  /** The environment variables that the scenario reads. Their values may be secrets: to be redacted everywhere. */
  env: Readonly<Record<string, string>>;
}

/**
 * Replaces `${{ vars.* }}` and `${{ env.* }}` everywhere, evaluates `if`, and checks the schema again. Throws a
 * ScenarioError with positions.
 */
export function resolveScenario(
  file: ScenarioFile,
  vars: Readonly<Record<string, Json>>,
  env: Readonly<Record<string, string | undefined>>,
): ResolvedScenario {
  const problems = new Problems(file.yaml);
  const report = (problem: Problem) => problems.add(problem);
  const all = definedOnly(env);
  const filled = replaceEarly(file.yaml.value, {vars, env: all}, report);
  problems.throwIfAny();
  const scenario = checkValues(filled, report);
  problems.throwIfAny();
  if (!scenario) throw new UsageError(`${file.file} is not valid`, {code: 'E_SCENARIO'});
  const spec = decide(scenario.spec, {vars, env: all}, report);
  problems.throwIfAny();
  return {
    file,
    metadata: scenario.metadata,
    spec,
    vars,
    env: environmentOf(file, env),
  };
}

/** Replaces each `if` by what it evaluates to. */
function decide(spec: Spec, scope: {vars: unknown; env: unknown}, report: (problem: Problem) => void): Spec {
  const decideStep = <S extends Step | InnerStep>(step: S, path: (string | number)[]): S => {
    if (step.if === undefined) return step;
    try {
      const value = evaluateCel(step.if, scope);
      if (typeof value === 'boolean') return {...step, if: String(value)};
      throw new Error('must be true or false');
    } catch (error) {
      const message = `if: ${error instanceof Error ? error.message : String(error)}`;
      report({path: [...path, 'if'], code: 'E_EXPRESSION', message, span: [0, step.if.length]});
      return step;
    }
  };
  const decideAll = (phase: 'prepare' | 'inject' | 'recover') =>
    spec[phase]?.map((step, index) => {
      const path = ['spec', phase, index];
      const decided = decideStep(step, path);
      if (!decided.parallel) return decided;
      return {...decided, parallel: decided.parallel.map((inner, at) => decideStep(inner, [...path, 'parallel', at]))};
    });
  const [prepare, inject, recover] = [decideAll('prepare'), decideAll('inject'), decideAll('recover')];
  return {...spec, ...(prepare && {prepare}), ...(inject && {inject}), ...(recover && {recover})};
}

/**
 * The input of an action or probe, checked by its definition's schema, defaults filled in. Throws a UsageError that
 * names `path` and every problem.
 */
export function parseInput<Input>(schema: z.ZodType<Input>, value: Json, path: string): Input {
  const problems: Problem[] = [];
  const input = checkShape(schema, value, (problem) => problems.push(problem));
  if (input !== undefined) return input;
  const texts = problems.map(({path: place, message, hint}) => {
    const where = pathText(place);
    const text =
      where && message.startsWith(`${where}: `)
        ? message.slice(where.length + 2)
        : message.replace(/^the document: /, '');
    return `${where ? `${where}: ` : ''}${text}${hint ? ` (${hint})` : ''}`;
  });
  throw new UsageError(`${path}: ${texts.join('; ') || 'an expression is left in it'}`, {code: 'E_INPUT'});
}
