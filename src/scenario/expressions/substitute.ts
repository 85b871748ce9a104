import {messageOf, StepError} from '../../io/errors.ts';
import type {Json, JsonObject} from '../../io/json.ts';
import type {Path} from '../diagnostics.ts';
import type {Problem} from '../problems.ts';
import {hasExpression} from '../shape.ts';
import {evaluateCel, namesRead} from './cel.ts';
import {type Hole, isWhole, parseTemplate} from './template.ts';

/** Evaluates one expression; undefined leaves its `${{ }}` in place. Throws an Error with a message for people. */
export type Evaluate = (source: string) => Json | undefined;

/**
 * Replaces the `${{ }}` of all texts in a value. A text that is one whole `${{ }}` becomes the value itself; embedded
 * in other text it becomes text. Failures are reported with their place, and leave the text as it is.
 */
export function substitute(value: Json, evaluate: Evaluate, report: (problem: Problem) => void): Json {
  // Where it is; one array that grows and shrinks, as most of a file holds nothing to replace.
  const path: (string | number)[] = [];
  const at = (part: string | number, member: Json): Json => {
    path.push(part);
    const replaced = visit(member);
    path.pop();
    return replaced;
  };
  const visit = (part: Json): Json => {
    if (typeof part === 'string') return hasExpression(part) ? fill(part, evaluate, report, [...path]) : part;
    if (Array.isArray(part)) return part.map((item, index) => at(index, item));
    if (typeof part !== 'object' || part === null) return part;
    const copy: JsonObject = {};
    for (const key of Object.keys(part)) {
      const member = part[key];
      if (member !== undefined) copy[key] = at(key, member);
    }
    return copy;
  };
  return visit(value);
}

function fill(text: string, evaluate: Evaluate, report: (problem: Problem) => void, path: Path): Json {
  const {holes} = parseTemplate(text);
  const valueIn = (hole: Hole): Json | undefined => {
    try {
      const value = evaluate(hole.source);
      if (value !== null || isWhole(text, holes)) return value;
      throw new Error('gives null, which cannot stand in a text');
    } catch (error) {
      const span = [hole.at, hole.at + hole.source.length] as const;
      report({path, code: 'E_EXPRESSION', message: `\${{ ${hole.source} }}: ${messageOf(error)}`, span});
      return undefined;
    }
  };
  if (isWhole(text, holes)) {
    const [hole] = holes;
    return (hole && valueIn(hole)) ?? text;
  }
  let filled = '';
  let from = 0;
  for (const hole of holes) {
    const value = valueIn(hole);
    const shown = typeof value === 'object' ? JSON.stringify(value) : value;
    filled += text.slice(from, hole.start) + (shown === undefined ? text.slice(hole.start, hole.end) : String(shown));
    from = hole.end;
  }
  return filled + text.slice(from);
}

/** What `${{ }}` may read when a step is played. */
export interface LateScope {
  vars: Readonly<Record<string, Json>>;
  env: Readonly<Record<string, string | undefined>>;
  steps: JsonObject;
  run: JsonObject;
  cluster: JsonObject;
}

/**
 * Replaces the `${{ }}` that were left for the run. Throws a StepError that names the expression when it cannot be
 * evaluated, such as an output that a skipped step never made. With `partial`, what reads the outputs of a step that
 * was not played yet stays as it is, and `complete` is false.
 */
export function resolveLate<T extends Json>(
  value: T,
  scope: LateScope,
  {partial = false} = {},
): {value: T; complete: boolean} {
  const bindings = {...scope, env: definedOnly(scope.env)};
  let complete = true;
  const evaluate = (source: string): Json | undefined => {
    if (partial && stepsRead(source).some((id) => !Object.hasOwn(scope.steps, id))) {
      complete = false;
      return undefined;
    }
    return evaluateCel(source, bindings);
  };
  const resolved = substitute(value, evaluate, ({message}) => {
    throw new StepError(message, {code: 'E_EXPRESSION', hint: 'Was the step that it reads skipped, or did it fail?'});
  });
  // A whole `${{ }}` takes the place of the text: the shape stays, and the schema of the action checks the rest.
  return {value: resolved as T, complete};
}

/** The environment variables that are set. */
export const definedOnly = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));

/** Ids of the steps whose outputs an expression reads. */
const stepsRead = (source: string): string[] =>
  namesRead(source).flatMap(({root, members: [id]}) => (root === 'steps' && id !== undefined ? [id] : []));
