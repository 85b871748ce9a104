import {canaries} from '../../canary/index.ts';
import type {Permission} from '../../cluster/types.ts';
import {parseInput, resolveLate, type Spec} from '../../scenario/index.ts';
import type {Config} from '../config/config.ts';
import type {Scope} from '../session.ts';
import type {GuardAnswer} from '../types.ts';
import {protectedByDefault} from './targets.ts';

interface CanaryFacts {
  spec: Spec;
  scope: Scope;
  config: Config;
  defaultNamespace: string;
}

/** What the canaries of a plan will ask of the API server, and whether they may write where they want to. */
export function guardCanaries(facts: CanaryFacts): {permissions: Permission[]; answers: GuardAnswer[]} {
  const {spec, scope, config, defaultNamespace} = facts;
  const permissions: Permission[] = [];
  const answers: GuardAnswer[] = [];
  const closed = [...protectedByDefault, ...config.protectedNamespaces];
  for (const {name, uses, with: given = {}} of spec.canaries ?? []) {
    const definition = canaries[uses];
    if (!definition) continue;
    const {value, complete} = resolveLate(given, scope, {partial: true});
    // What only a step of prepare completes is asked by the API server itself, in steady.
    if (!complete) continue;
    const input = parseInput(definition.input, value, `canary ${name}`);
    permissions.push(...definition.permissions(input, {defaultNamespace}));
    const namespace = definition.namespace?.(input, {defaultNamespace});
    const open = spec.target.allowProtected?.some((one) => one.kind === 'ConfigMap' && one.namespace === namespace);
    if (namespace !== undefined && closed.includes(namespace) && !open) {
      answers.push({
        guard: 'protected',
        ok: false,
        message: `the canary ${name} would write to the namespace ${namespace}, which is protected`,
        hint: 'Let it write to the namespace of the application, or allow it under target.allowProtected with kind: ConfigMap.',
      });
    }
  }
  return {permissions, answers};
}
