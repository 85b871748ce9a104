import {Environment, EvaluationError} from '@marcbachmann/cel-js';
import {Duration, UnsignedInt} from '@marcbachmann/cel-js/evaluator';
import {formatDuration, parseDuration} from '../../io/duration.ts';
import {messageOf} from '../../io/errors.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {type Access, accesses} from './ast.ts';

/** How an `expect` ended. `missing`: a key is absent from what was fetched; Kubernetes leaves out zero values. */
export interface ExpectResult {
  outcome: 'true' | 'false' | 'missing' | 'error';
  detail?: string;
}

const celOptions = {homogeneousAggregateLiterals: false, enableOptionalTypes: true} as const;

/** A CEL environment without any variable; the caller declares them. */
export const celEnvironment = (): Environment => new Environment({...celOptions, unlistedVariablesAreDyn: false});

/** Evaluates anything: names are checked when the file is read. */
const evaluation = new Environment({...celOptions, unlistedVariablesAreDyn: true});

/** Names whose members the scenario declares: a key that is missing in them is the author's mistake. */
const declared = new Set(['vars', 'env', 'steps', 'run', 'cluster']);

/**
 * Compiles an `expect`. Neither compiling nor calling throws: an expression that cannot be parsed answers `error`.
 * Bindings are JSON; a missing key or list entry in them is `missing`, any other failure and a result that is neither
 * true nor false is `error`.
 */
export function compileExpect(source: string): (bindings: Record<string, unknown>) => ExpectResult {
  let evaluate: (context: Record<string, unknown>) => unknown;
  try {
    evaluate = evaluation.parse(source);
  } catch (error) {
    const detail = celMessage(error);
    return () => ({outcome: 'error', detail});
  }
  return (bindings) => {
    try {
      const result = evaluate(toCel(bindings) as Record<string, unknown>);
      if (result === true) return {outcome: 'true'};
      if (result === false) return {outcome: 'false'};
      return {outcome: 'error', detail: `gives ${describe(result)}, not true or false`};
    } catch (error) {
      return {outcome: isMissing(error) ? 'missing' : 'error', detail: celMessage(error)};
    }
  };
}

/** The value of an expression as JSON. Throws an Error with a message for people. */
export function evaluateCel(source: string, bindings: Record<string, unknown>): Json {
  try {
    return fromCel(evaluation.parse(source)(toCel(bindings) as Record<string, unknown>));
  } catch (error) {
    throw new Error(celMessage(error), {cause: error});
  }
}

/** Whether it reads none of these names; no when it cannot be parsed. */
export function readsNone(source: string, names: readonly string[]): boolean {
  try {
    return !accesses(evaluation.parse(source).ast).some(({root}) => names.includes(root));
  } catch {
    return false;
  }
}

/** The names that an expression reads; none when it cannot be parsed. */
export function namesRead(source: string): Access[] {
  try {
    return accesses(evaluation.parse(source).ast);
  } catch {
    return [];
  }
}

/** What CEL says is wrong, without the picture of the source. */
export function celMessage(error: unknown): string {
  const summary = error instanceof Error && 'summary' in error ? String(error.summary) : messageOf(error);
  return `${summary.charAt(0).toLowerCase()}${summary.slice(1)}`;
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof EvaluationError)) return false;
  if (error.code !== 'no_such_key' && error.code !== 'index_out_of_bounds') return false;
  let node: unknown = error.node;
  while (isNode(node) && Array.isArray(node.args)) node = node.args[0];
  return !(isNode(node) && node.op === 'id' && declared.has(String(node.args)));
}

const isNode = (value: unknown): value is {op: string; args: unknown} =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** JSON as CEL sees it: integral numbers are ints, doubles beyond 64 bits. */
function toCel(value: unknown): unknown {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : Number(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (!isJsonObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) if (value[key] !== undefined) copy[key] = toCel(value[key]);
  return copy;
}

/** A CEL value as JSON: ints are numbers again, durations Go strings, timestamps RFC 3339. */
function fromCel(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof UnsignedInt) return fromCel(value.valueOf());
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(fromCel);
  if (isPlainObject(value)) {
    const copy: JsonObject = {};
    for (const [key, member] of Object.entries(value)) copy[key] = fromCel(member);
    return copy;
  }
  throw new Error(`gives ${describe(value)}, which is no JSON value`);
}

const durationText = (value: Duration): string => {
  const text = formatDuration(Number(value.valueOf()));
  return parseDuration(text) === undefined ? `${value.seconds}s` : text;
};

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'bigint' || typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'string') return `the text "${value.slice(0, 60)}"`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
