import {stringify} from 'yaml';
import {isJsonObject, type Json} from '../io/json.ts';
import {environmentRead, replaceEarly} from './check.ts';
import {namesRead} from './expressions/cel.ts';
import {definedOnly} from './expressions/substitute.ts';
import type {ScenarioFile} from './file.ts';

/**
 * A scenario as YAML with the values of its variables in place. What reads the environment, steps, the run or the
 * cluster stays as it is written: values of the environment may be secrets.
 */
export function asRun(file: ScenarioFile, vars: Readonly<Record<string, Json>>): string {
  return stringify(
    replaceEarly(file.yaml.value, {vars}, () => undefined),
    {lineWidth: 0},
  );
}

/** The environment variables that a scenario reads anywhere, with their values. They may be secrets. */
export function environmentOf(
  file: ScenarioFile,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const all = definedOnly(env);
  const read = new Set([...environmentRead(file.yaml.value), ...conditionsRead(file.yaml.value)]);
  return Object.fromEntries([...read].flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
}

/** Members whose text is an expression without `${{ }}`. */
const conditions = ['if', 'expect', 'prove'];

/** Environment variables that the conditions of a scenario read, at any depth. */
function conditionsRead(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(conditionsRead);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    typeof member === 'string' && conditions.includes(key) ? environmentIn(member) : conditionsRead(member),
  );
}

function environmentIn(source: string): string[] {
  try {
    return namesRead(source).flatMap(({root, members: [name]}) => (root === 'env' && name !== undefined ? [name] : []));
  } catch {
    // No expression: an input of an action that happens to have such a member.
    return [];
  }
}
