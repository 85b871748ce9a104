import type {Client} from '../core.ts';
import {configMaps, eventsV1, namespaces, pods, type Resource, resources, serviceAccounts} from '../kinds.ts';
import {type Condition, type KubeObject, type Namespace, setCondition} from '../objects.ts';
import {nameOf} from '../registry/registry.ts';
import {startLoop} from './loop.ts';

const namespaced = resources.filter((resource) => resource.namespaced && resource !== eventsV1);
const rootCA = 'kube-root-ca.crt';

/** Furnishes new namespaces, and empties those that are being deleted: pods first, then everything else. */
export function startNamespaceController(core: Client): void {
  const sweeping = new Set<string>();
  startLoop(core, {
    name: 'namespace',
    keysOf: ({resource, object, type}) => {
      if (resource === namespaces) return [object.metadata.name];
      const namespace = type === 'DELETED' ? core.view.byKey(namespaces, object.metadata.namespace ?? '') : undefined;
      const restores = object.metadata.name === rootCA || object.metadata.name === 'default';
      return namespace && (namespace.metadata.deletionTimestamp || restores) ? [namespace.metadata.name] : [];
    },
    reconcile: (key) => {
      const namespace = core.view.byKey(namespaces, key);
      if (!namespace) return;
      if (!namespace.metadata.deletionTimestamp) furnish(core, namespace);
      else if (!sweeping.has(key)) {
        sweeping.add(key);
        core.scope.after(core.latency.of('namespaceSweep'), `sweep ${key}`, () => {
          sweeping.delete(key);
          const live = core.view.byKey(namespaces, key);
          // Without the API the next list brings it up again.
          if (live && core.view.connected) empty(core, live);
        });
      }
    },
  });
}

function furnish(core: Client, {metadata: {name}}: Namespace): void {
  if (!core.view.get(serviceAccounts, name, 'default')) {
    core.registry.create(serviceAccounts, {metadata: {name: 'default'}}, name);
  }
  if (!core.view.get(configMaps, name, rootCA)) {
    const data = {'ca.crt': 'kubedrill-practice: the API speaks plain http, there is no certificate authority\n'};
    core.registry.create(configMaps, {metadata: {name: rootCA}, data}, name);
  }
}

function empty(core: Client, namespace: Namespace): void {
  const {name} = namespace.metadata;
  const contents = namespaced.flatMap((resource) =>
    core.view.list(resource, name).map((object) => ({resource, object})),
  );
  const podsLeft = contents.filter(({resource}) => resource === pods);
  for (const {resource, object} of podsLeft.length > 0 ? podsLeft : contents) {
    if (!object.metadata.deletionTimestamp) core.registry.delete(resource, nameOf(object));
  }
  const left = namespaced.flatMap((resource) => core.view.list(resource, name).map((object) => ({resource, object})));
  const status = (draft: Namespace) => {
    draft.status = {phase: 'Terminating', conditions: conditions(core, draft, left)};
  };
  core.registry.change(namespaces, {name}, status, 'status');
  if (left.length > 0) return;
  core.registry.change(namespaces, {name}, (draft) => {
    delete draft.spec.finalizers;
  });
}

/** What cannot go wrong here. */
const succeeded: readonly Condition[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    status: 'False',
    reason: 'ResourcesDiscovered',
    message: 'All resources successfully discovered',
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    status: 'False',
    reason: 'ParsedGroupVersions',
    message: 'All legacy kube types successfully parsed',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    status: 'False',
    reason: 'ContentDeleted',
    message: 'All content successfully deleted, may be waiting on finalization',
  },
];

/** The conditions that say what a terminating namespace still waits for. */
function conditions(
  core: Client,
  namespace: Namespace,
  left: readonly {resource: Resource; object: KubeObject}[],
): Condition[] {
  const now = core.scope.now();
  const kinds = Map.groupBy(left, ({resource}) => `${resource.plural}.${resource.group}`);
  const finalizers = Map.groupBy(
    left.flatMap(({object}) => object.metadata.finalizers ?? []),
    (finalizer) => finalizer,
  );
  const counts = (groups: Map<string, unknown[]>, what: string) =>
    [...groups].map(([name, each]) => `${name} ${what} ${each.length}`).join(', ');
  const remaining: Condition =
    left.length > 0
      ? {
          type: 'NamespaceContentRemaining',
          status: 'True',
          reason: 'SomeResourcesRemain',
          message: `Some resources are remaining: ${counts(kinds, 'has').replace(/ has (\d+)/g, ' has $1 resource instances')}`,
        }
      : {
          type: 'NamespaceContentRemaining',
          status: 'False',
          reason: 'ContentRemoved',
          message: 'All content successfully removed',
        };
  const held: Condition =
    finalizers.size > 0
      ? {
          type: 'NamespaceFinalizersRemaining',
          status: 'True',
          reason: 'SomeFinalizersRemain',
          message: `Some content in the namespace has finalizers remaining: ${counts(finalizers, 'in').replace(/ in (\d+)/g, ' in $1 resource instances')}`,
        }
      : {
          type: 'NamespaceFinalizersRemaining',
          status: 'False',
          reason: 'ContentHasNoFinalizers',
          message: 'All content-preserving finalizers finished',
        };
  return [...succeeded, remaining, held].reduce<Condition[]>(
    (all, each) => setCondition(all, each, now),
    namespace.status.conditions ?? [],
  );
}
