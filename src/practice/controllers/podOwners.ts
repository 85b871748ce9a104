import {createHash} from 'node:crypto';
import type {Client} from '../core.ts';
import {apiVersionOf, pods, type Resource} from '../kinds.ts';
import {type Condition, conditionOf, controllerOf, type KubeObject, type OwnerReference} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import {labelSelector} from '../selectors.ts';
import {StatusError} from '../status.ts';
import type {Pod, PodTemplate} from '../workloads.ts';

/** The reference of a child to the object that controls it. */
export function ownedBy(resource: Resource, owner: KubeObject): OwnerReference {
  const {name, uid} = owner.metadata;
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Pods of a controller that count: neither finished nor on their way out. */
export function isActive(pod: Pod): boolean {
  return !pod.metadata.deletionTimestamp && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status.conditions, 'Ready')?.status === 'True';
}

/** Milliseconds until a ready pod counts as available; 0 when it does, undefined while it is not ready. */
export function untilAvailable(pod: Pod, minReadySeconds: number, now: Date): number | undefined {
  const ready: Condition | undefined = conditionOf(pod.status.conditions, 'Ready');
  if (ready?.status !== 'True') return undefined;
  const since = Date.parse(ready.lastTransitionTime ?? now.toISOString());
  return Math.max(0, since + minReadySeconds * 1000 - now.getTime());
}

/** Objects of a kind that an owner controls; orphans that its selector matches are adopted on the way. */
export function claim<T extends KubeObject>(
  core: Client,
  children: Resource<T>,
  owner: KubeObject & {spec: {selector: object}},
  ownerResource: Resource,
): T[] {
  const matches = labelSelector(owner.spec.selector);
  return core.view.list(children, owner.metadata.namespace).flatMap((child) => {
    const controller = controllerOf(child);
    if (controller) return controller.uid === owner.metadata.uid ? [child] : [];
    const adoptable = !child.metadata.deletionTimestamp && !owner.metadata.deletionTimestamp;
    if (!adoptable || !matches(child.metadata.labels)) return [];
    const adopted = core.registry.change(children, nameOf(child), (draft) => {
      draft.metadata.ownerReferences = [...(draft.metadata.ownerReferences ?? []), ownedBy(ownerResource, owner)];
    });
    return adopted ? [adopted] : [];
  });
}

/** Creates a pod from a template. Returns undefined when its namespace takes no new objects. */
export function createPod(
  core: Client,
  ownerResource: Resource,
  owner: KubeObject,
  template: PodTemplate,
): Pod | undefined {
  const {name, namespace} = owner.metadata;
  const metadata = {
    ...structuredClone(template.metadata ?? {}),
    generateName: `${name}-`,
    ownerReferences: [ownedBy(ownerResource, owner)],
  };
  try {
    return core.registry.create(pods, {metadata, spec: structuredClone(template.spec)}, namespace);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

/** A short hash of a pod template, in the letters that Kubernetes uses for generated names. */
export function templateHash(template: PodTemplate): string {
  const digest = createHash('sha256').update(JSON.stringify(template)).digest();
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from(digest.subarray(0, 10), (byte) => letters[byte % letters.length]).join('');
}
