import type {Client} from '../core.ts';
import {eventsV1, resourceOf, resources} from '../kinds.ts';
import {type KubeObject, keyOf} from '../objects.ts';
import {foregroundFinalizer, orphanFinalizer} from '../registry/deletion.ts';
import {nameOf} from '../registry/registry.ts';
import type {Found} from '../tables.ts';
import {startLoop} from './loop.ts';

const stored = resources.filter((resource) => resource !== eventsV1);

/**
 * The garbage collector. Objects whose owners are all gone are deleted, also those created with an owner that never
 * was; Foreground and Orphan deletions of owners are brought to their end.
 */
export function startGarbageCollector(core: Client): void {
  startLoop(core, {
    name: 'garbage',
    // A key is a kind and an object's key; a deleted object concerns its dependents.
    keysOf: ({type, resource, object}) => {
      const self = keyFor({resource, object});
      if (type === 'DELETED')
        return [...dependents(core, object.metadata.uid).map(keyFor), ...owners(core, object).map(keyFor)];
      const held = object.metadata.deletionTimestamp && object.metadata.finalizers?.length;
      return held || object.metadata.ownerReferences?.length ? [self] : [];
    },
    reconcile: (key) => {
      const [plural, group, ...rest] = key.split('|');
      const resource = stored.find((each) => each.plural === plural && each.group === group);
      const object = resource && core.view.byKey(resource, rest.join('|'));
      if (!resource || !object) return;
      if (object.metadata.deletionTimestamp) finish(core, {resource, object});
      else collect(core, {resource, object});
    },
  });
}

const keyFor = ({resource, object}: Found) => `${resource.plural}|${resource.group}|${keyOf(object)}`;

function dependents(core: Client, uid: string): Found[] {
  return stored.flatMap((resource) =>
    core.view
      .list(resource)
      .filter((object) => object.metadata.ownerReferences?.some((reference) => reference.uid === uid))
      .map((object) => ({resource, object})),
  );
}

function owners(core: Client, object: KubeObject): Found[] {
  return (object.metadata.ownerReferences ?? []).flatMap((reference) => {
    const resource = resourceOf(reference.apiVersion, reference.kind);
    if (!resource) return [];
    const owner = core.view.get(resource, resource.namespaced ? object.metadata.namespace : undefined, reference.name);
    return owner && owner.metadata.uid === reference.uid ? [{resource, object: owner}] : [];
  });
}

/** Deletes an object that had owners and has none left. Owners of kinds that are not served count as present. */
function collect(core: Client, {resource, object}: Found): void {
  const references = object.metadata.ownerReferences ?? [];
  const unknown = references.some((reference) => !resourceOf(reference.apiVersion, reference.kind));
  if (references.length === 0 || unknown) return;
  const alive = owners(core, object);
  const foreground = alive.filter((owner) => owner.object.metadata.finalizers?.includes(foregroundFinalizer));
  if (alive.length > foreground.length) return;
  const policy =
    foreground.length > 0 && dependents(core, object.metadata.uid).length > 0 ? 'Foreground' : 'Background';
  core.registry.delete(resource, nameOf(object), {
    propagationPolicy: policy,
    preconditions: {uid: object.metadata.uid},
  });
}

function finish(core: Client, {resource, object}: Found): void {
  const {finalizers = [], uid} = object.metadata;
  const children = dependents(core, uid);
  if (finalizers.includes(orphanFinalizer)) {
    for (const child of children) {
      core.registry.change(child.resource, nameOf(child.object), (draft) => {
        draft.metadata.ownerReferences = (draft.metadata.ownerReferences ?? []).filter((each) => each.uid !== uid);
      });
    }
    dropFinalizer(core, {resource, object}, orphanFinalizer);
  }
  if (!finalizers.includes(foregroundFinalizer)) return;
  for (const child of children) if (!child.object.metadata.deletionTimestamp) collect(core, child);
  const blocking = dependents(core, uid).some((child) =>
    child.object.metadata.ownerReferences?.some((each) => each.uid === uid && each.blockOwnerDeletion),
  );
  if (!blocking) dropFinalizer(core, {resource, object}, foregroundFinalizer);
}

function dropFinalizer(core: Client, {resource, object}: Found, finalizer: string): void {
  core.registry.change(resource, nameOf(object), (draft) => {
    draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((each) => each !== finalizer);
  });
}
