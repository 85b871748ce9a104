import type {ObjectRef} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {isOutside, type Target} from '../../io/target.ts';
import type {PlanRecord, StepRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {ownNamespace} from '../lock/live-lease.ts';
import {lockNamespace} from '../lock/lock-namespace.ts';
import type {Reach} from './look.ts';

/** The parts of a plan that tell what it reaches. */
type Reaching = Pick<PlanRecord, 'steps'> & Partial<Pick<PlanRecord, 'canaries' | 'probes' | 'checks' | 'prove'>>;

/**
 * What the steps and canaries of a plan touch or may touch: the namespaces of their targets, of what goes with these,
 * and of their inputs, with the Namespaces themselves; and cluster-scoped objects by name. Of what a program or a person
 * changes nobody knows where it is: then also the namespaces that the scenario asks about.
 */
export function reachOf(plan: Reaching, entries: readonly JournalEntry[]): Reach {
  const {steps, canaries = [], probes = [], checks = [], prove} = plan;
  const played = steps.filter(({skipped}) => skipped !== true);
  const all = played.flatMap((step) => [...step.targets, ...step.cascade]);
  const targets = all.filter((target) => !isOutside(target));
  const isOpen = played.some(({form}) => form === 'manual') || targets.length < all.length;
  const asked = isOpen ? [...probes, ...checks, ...(prove === undefined ? [] : [prove])] : [];
  // One that was made for the lock goes with it.
  const isMade = entries.some((entry) => entry.type === 'mutation.intent' && entry.undo.kind === lockNamespace.kind);
  const namespaces = new Set<string>(isMade ? [] : [ownNamespace]);
  const objects = new Map<string, ObjectRef>();
  const watch = ({apiVersion, kind, name}: Target) => {
    objects.set(`${apiVersion} ${kind} ${name}`, {apiVersion, kind, name});
  };
  for (const target of targets) {
    if (target.namespace !== undefined) namespaces.add(target.namespace);
    else if (target.apiVersion === 'v1' && target.kind === 'Namespace') namespaces.add(target.name);
    else watch(target);
  }
  for (const name of [...steps, ...canaries, ...asked].flatMap((part) => namedIn(part))) namespaces.add(name);
  if (isMade) namespaces.delete(ownNamespace);
  for (const name of namespaces) if (name !== ownNamespace) watch({apiVersion: 'v1', kind: 'Namespace', name});
  return {namespaces: [...namespaces].sort(), objects: [...objects.values()]};
}

/** The namespaces that an input names: its own member, and those of objects in it. */
function namedIn({with: input = {}}: Pick<StepRecord, 'with'>): string[] {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look);
    else if (isJsonObject(value)) {
      const {namespace, kind, metadata} = value;
      if (typeof namespace === 'string' && /^[a-z0-9-]+$/.test(namespace)) found.push(namespace);
      if (kind === 'Namespace' && isJsonObject(metadata) && typeof metadata.name === 'string')
        found.push(metadata.name);
      Object.values(value).forEach(look);
    }
  };
  look(input);
  return found;
}
