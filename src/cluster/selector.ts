import {UsageError} from '../io/errors.ts';
import type {JsonObject} from '../io/json.ts';

/** One requirement of a label selector. */
interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'absent';
  values: readonly string[];
}

const set = /^([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)$/;
const equality = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/;
const presence = /^(!?)\s*([^\s!=,()]+)$/;

/**
 * Whether labels match a selector as kubectl has it: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by
 * commas. As in Kubernetes, `!=` and `notin` hold for an object without the label. Throws a UsageError for other text.
 */
export function matchesSelector(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return parse(selector).every(({key, operator, values}) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (operator === 'exists') return value !== undefined;
    if (operator === 'absent') return value === undefined;
    const among = value !== undefined && values.includes(value);
    return operator === 'in' ? among : !among;
  });
}

const operators = {in: 'In', notin: 'NotIn', exists: 'Exists', absent: 'DoesNotExist'} as const;

/** A selector as kubectl has it in the form that objects have; throws a UsageError for other text. */
export function labelSelectorOf(selector: string): JsonObject {
  const matchExpressions = parse(selector).map(({key, operator, values}) => ({
    key,
    operator: operators[operator],
    ...(operator === 'in' || operator === 'notin' ? {values: [...values]} : {}),
  }));
  return {matchExpressions};
}

function parse(selector: string): Requirement[] {
  // A comma inside parentheses separates values, not requirements.
  return selector.split(/,(?![^(]*\))/).map((part) => requirement(part.trim(), selector));
}

function requirement(part: string, selector: string): Requirement {
  const [, setKey, setOperator, list] = set.exec(part) ?? [];
  if (setKey !== undefined && list !== undefined) {
    return {
      key: setKey,
      operator: setOperator === 'in' ? 'in' : 'notin',
      values: list.split(',').map((value) => value.trim()),
    };
  }
  const [, key, sign, value] = equality.exec(part) ?? [];
  if (key !== undefined && value !== undefined) return {key, operator: sign === '!=' ? 'notin' : 'in', values: [value]};
  const [, not, name] = presence.exec(part) ?? [];
  if (name !== undefined) return {key: name, operator: not === '!' ? 'absent' : 'exists', values: []};
  throw new UsageError(`"${selector}" is no label selector: "${part}" cannot be read`, {
    code: 'E_SELECTOR',
    hint: 'Write it as for kubectl -l: app=shop,tier in (web,api),!canary',
  });
}
