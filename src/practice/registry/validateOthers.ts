import {isDeepStrictEqual} from 'node:util';
import {isResource, leases, networkPolicies, podDisruptionBudgets, type Resource} from '../kinds.ts';
import type {KubeObject, NetworkPolicy} from '../objects.ts';
import {dataKeyFault} from './names.ts';
import {forbiddenField, immutable, inRange, type Problem, required, unknown, wrong} from './problems.ts';

type Spec = Record<string, unknown>;

/** Broken rules of a Deployment's strategy. */
export function strategyProblems(spec: Spec): Problem[] {
  const {type, rollingUpdate} = spec.strategy as {
    type: string;
    rollingUpdate?: {maxSurge: unknown; maxUnavailable: unknown};
  };
  const field = 'spec.strategy';
  if (type === 'Recreate') {
    const why = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate ? [forbiddenField(`${field}.rollingUpdate`, why)] : [];
  }
  if (type !== 'RollingUpdate') {
    return [unknown(field, {Type: type, RollingUpdate: null}, ['Recreate', 'RollingUpdate'])];
  }
  const isNone = (value: unknown) => value === 0 || value === '0%';
  const stuck = isNone(rollingUpdate?.maxSurge) && isNone(rollingUpdate?.maxUnavailable);
  return stuck ? [wrong(`${field}.rollingUpdate.maxUnavailable`, 0, 'may not be 0 when `maxSurge` is 0')] : [];
}

interface Data extends KubeObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
  immutable?: boolean;
  type?: string;
}

/** Broken rules of a ConfigMap or Secret. */
export function dataProblems(object: Data, old: Data | undefined): Problem[] {
  const parts = ['data', 'binaryData'] as const;
  const keys = parts.flatMap((part) =>
    Object.keys(object[part] ?? {}).flatMap((key) => {
      const fault = dataKeyFault(key);
      return fault ? [wrong(`${part}[${key}]`, key, fault)] : [];
    }),
  );
  if (!old) return keys;
  const frozen = 'field is immutable when `immutable` is set';
  const changed = parts.filter((part) => old.immutable && !isDeepStrictEqual(object[part] ?? {}, old[part] ?? {}));
  return [
    ...(object.type === old.type ? [] : [immutable('type', object.type)]),
    ...(old.immutable && !object.immutable ? [forbiddenField('immutable', frozen)] : []),
    ...changed.map((part) => forbiddenField(part, frozen)),
    ...keys,
  ];
}

/** Broken rules of the smaller kinds. */
export function otherProblems(resource: Resource, spec: Spec): Problem[] {
  if (isResource(resource, podDisruptionBudgets)) return budgetProblems(spec);
  if (isResource(resource, networkPolicies)) return policyProblems(spec as unknown as NetworkPolicy['spec']);
  if (!isResource(resource, leases)) return [];
  const {leaseDurationSeconds: lasts} = spec;
  return typeof lasts === 'number' && lasts <= 0
    ? [wrong('spec.leaseDurationSeconds', lasts, 'must be greater than 0')]
    : [];
}

function budgetProblems({minAvailable, maxUnavailable, selector}: Spec): Problem[] {
  const both = {
    MinAvailable: minAvailable,
    Selector: selector,
    MaxUnavailable: maxUnavailable,
    UnhealthyPodEvictionPolicy: null,
  };
  const limits = {minAvailable, maxUnavailable};
  const problems = Object.entries(limits).flatMap(([name, value]) => {
    const field = `spec.${name}`;
    if (typeof value === 'number') return value < 0 ? [wrong(field, value, 'must be greater than or equal to 0')] : [];
    if (typeof value !== 'string') return [];
    const percent = /^(\d+)%$/.exec(value);
    if (!percent)
      return [
        wrong(
          field,
          value,
          "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        ),
      ];
    return Number(percent[1]) > 100 ? [wrong(field, value, 'must not be greater than 100%')] : [];
  });
  const isBoth = minAvailable !== undefined && maxUnavailable !== undefined;
  return isBoth ? [wrong('spec', both, 'minAvailable and maxUnavailable cannot be both set'), ...problems] : problems;
}

function policyProblems({policyTypes = [], ingress = [], egress = []}: NetworkPolicy['spec']): Problem[] {
  const known = ['Ingress', 'Egress'];
  const types = policyTypes.flatMap((type, index) =>
    known.includes(type) ? [] : [unknown(`spec.policyTypes[${index}]`, type, known)],
  );
  const rules = [
    ...ingress.map((rule, index) => ({at: `spec.ingress[${index}]`, peers: 'from', list: rule.from, rule})),
    ...egress.map((rule, index) => ({at: `spec.egress[${index}]`, peers: 'to', list: rule.to, rule})),
  ];
  const problems = rules.flatMap(({at, peers, list = [], rule}) => [
    ...(rule.ports ?? []).flatMap(({port}, index) =>
      typeof port === 'number' ? inRange(`${at}.ports[${index}].port`, port) : [],
    ),
    ...list.flatMap(({ipBlock}, index) => {
      const field = `${at}.${peers}[${index}].ipBlock.cidr`;
      if (!ipBlock) return [];
      if (!ipBlock.cidr) return [required(field)];
      const why = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
      return /^[0-9a-f.:]+\/\d{1,3}$/i.test(ipBlock.cidr) ? [] : [wrong(field, ipBlock.cidr, why)];
    }),
  ]);
  return [...problems, ...types];
}
