import type * as z from 'zod';
import {closest} from '../io/closest.ts';
import {isJsonObject, type Json} from '../io/json.ts';
import {type Path, pathText} from './diagnostics.ts';
import type {Problem} from './problems.ts';
import {knownKeys, metaOf, schemasAt} from './schema/walk.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks a value against a schema, and reports each issue with its path, in words for people. Values that still hold
 * a `${{ }}` are passed over: what they become is checked later. Returns the parsed value when all of it could be
 * checked and is right.
 */
export function checkShape<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  report: (problem: Problem) => void,
  base: Path = [],
): Output | undefined {
  // Compiling a schema to code takes longer than checking a thousand scenarios with it.
  const result = schema.safeParse(value, {jitless: true});
  if (result.success) return result.data;
  const issues = settled(result.error.issues, value);
  const problems = issues.flatMap((issue) => explain({schema, root: value, base}, issue));
  // A misspelt key is missing, too, and breaks rules about its object; saying it once is enough.
  const meant = new Set(problems.flatMap(({meant}) => meant ?? []));
  const misspelt = new Set(
    issues.flatMap(({code, path}) => (code === 'unrecognized_keys' ? [pathText(path as Path)] : [])),
  );
  for (const {meant: _meant, missing, rule, ...problem} of problems) {
    if (missing !== undefined && meant.has(missing)) continue;
    if (rule && misspelt.has(pathText(problem.path))) continue;
    report({...problem, path: [...base, ...problem.path]});
  }
  return undefined;
}

/** A problem, and what is known about it beside. */
interface ShapeProblem extends Problem {
  /** Path of the key that is missing. */
  missing?: string;
  /** Path of the key that was probably meant. */
  meant?: string;
  /** A rule about a whole object. */
  rule?: boolean;
}

interface Checked {
  schema: z.ZodType;
  root: unknown;
  base: Path;
}

/** Whether a text holds a `${{`. */
export const hasExpression = (value: unknown): boolean => typeof value === 'string' && value.includes('${{');

/** The issues that no `${{ }}` can resolve, unions replaced by the issues of the option that was meant. */
function settled(issues: readonly Issue[], root: unknown): Issue[] {
  return issues.flatMap((issue) => {
    const value = valueAt(root, issue.path as Path);
    if (hasExpression(value)) return [];
    if (issue.code !== 'invalid_union') return [issue];
    const options = issue.errors.map((errors) =>
      settled(
        errors.map((error) => ({...error, path: [...issue.path, ...error.path]}) as Issue),
        root,
      ),
    );
    // An option without issues of its own is held up by an expression only.
    if (options.length === 0 || options.some((option) => option.length === 0))
      return options.length === 0 ? [issue] : [];
    const sameType = options.filter((option) => !option.some((error) => isWrongType(error, issue.path.length)));
    if (sameType.length === 1 && sameType[0]) return sameType[0];
    if (sameType.length === 0 || isScalarValue(value)) return [issue];
    return sameType.reduce((best, option) => (option.length < best.length ? option : best));
  });
}

const isScalarValue = (value: unknown): boolean => typeof value !== 'object' || value === null;
const isWrongType = (issue: Issue, depth: number): boolean =>
  issue.path.length === depth && (issue.code === 'invalid_type' || issue.code === 'invalid_value');

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined,
    root,
  );
}

function explain({schema, root, base}: Checked, issue: Issue): ShapeProblem[] {
  const path = issue.path as Path;
  const value = valueAt(root, path);
  const nameOf = (place: Path): string => pathText([...base, ...place]) || 'the document';
  const name = nameOf(path);
  const problem = (message: string, hint?: string, code = 'E_VALUE'): ShapeProblem[] => [
    {path, code, message: `${name}: ${message}`, hint},
  ];
  if (value === undefined && isMissing(root, path) && issue.code !== 'custom') {
    const parent = path.slice(0, -1);
    const [description] = schemasAt(schema, path).map((member) => metaOf(member).description);
    const hint = description && `${path.at(-1)}: ${description}.`;
    const message = `${nameOf(parent)}: "${path.at(-1)}" is missing`;
    return [{path: parent, code: 'E_MISSING_KEY', message, hint, missing: pathText(path)}];
  }
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schemasAt(schema, path));
      return issue.keys.map((key) => {
        const meant = closest(key, known);
        const hint = meant ? `Did you mean "${meant}"?` : `Known here: ${known.join(', ')}.`;
        const message = `unknown key "${key}"${path.length + base.length === 0 ? '' : ` in ${name}`}`;
        const near = meant === undefined ? {} : {meant: pathText([...path, meant])};
        return {path: [...path, key], key: true, code: 'E_UNKNOWN_KEY', message, hint, ...near};
      });
    }
    case 'invalid_type': {
      const metas = schemasAt(schema, path).map(metaOf);
      const examples = metas.flatMap((meta) => meta.examples ?? []);
      const key = path.at(-1);
      const described = issue.expected === 'object' && typeof key === 'string' ? metas[0]?.description : undefined;
      const hint =
        examples.length > 0
          ? `For example ${examples.slice(0, 2).join(' or ')}.`
          : described
            ? `${key}: ${described}.`
            : undefined;
      return problem(`expected ${typeName(issue.expected)}, found ${found(value)}`, hint, 'E_TYPE');
    }
    case 'invalid_value': {
      const wanted = issue.values.map(String);
      const meant = typeof value === 'string' ? closest(value, wanted) : undefined;
      return problem(`expected ${alternatives(wanted)}, found ${found(value)}`, meant && `Did you mean "${meant}"?`);
    }
    case 'invalid_key': {
      const message = issue.issues[0]?.message ?? 'not a name that can stand here';
      return [{path, key: true, code: 'E_KEY', message: `${name}: ${message}`}];
    }
    case 'invalid_union':
      return problem(`expected ${alternatives(unionTypes(issue))}, found ${found(value)}`, undefined, 'E_TYPE');
    case 'too_small':
    case 'too_big':
      return problem(sizeMessage(issue, value));
    case 'custom':
      return problem(issue.message).map((each) => ({...each, rule: !isScalarValue(value)}));
    default:
      return problem(issue.code === 'invalid_format' && issue.format === 'url' ? 'expected a URL' : issue.message);
  }
}

function isMissing(root: unknown, path: Path): boolean {
  const parent = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  return key !== undefined && isJsonObject(parent) && !Object.hasOwn(parent, key);
}

function unionTypes(issue: Extract<Issue, {code: 'invalid_union'}>): string[] {
  const types = issue.errors.flatMap((errors) =>
    errors.slice(0, 1).flatMap((error) => {
      if (error.code === 'invalid_value') return error.values.map(String);
      return [error.code === 'invalid_type' ? typeName(error.expected) : error.message.replace(/^expected /, '')];
    }),
  );
  return [...new Set(types)];
}

function sizeMessage(issue: Extract<Issue, {code: 'too_small' | 'too_big'}>, value: unknown): string {
  if (!/^(Too|Invalid)/.test(issue.message)) return issue.message;
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const least = issue.code === 'too_small' ? 'at least' : 'at most';
  const open = issue.inclusive === false ? (issue.code === 'too_small' ? 'more than' : 'less than') : least;
  if (issue.origin === 'array') return `needs ${open} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  if (issue.origin === 'string') return `needs ${open} ${limit} ${Number(limit) === 1 ? 'character' : 'characters'}`;
  return `must be ${open} ${limit}, found ${found(value)}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
const typeName = (expected: string): string => typeNames[expected] ?? expected;

const alternatives = (options: readonly string[]): string =>
  options.length < 2 ? (options[0] ?? 'nothing') : `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`;

/** A value, shortly, for a message. */
export function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  return `the ${typeof value === 'number' ? 'number ' : 'value '}${String(value as Json)}`;
}
