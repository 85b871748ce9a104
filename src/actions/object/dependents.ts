import type {ClusterReader, KubeObject, Permission} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {type Candidates, candidatesIn} from './candidates.ts';
import {isMadeAgain, nameOf, ownedKinds} from './owned-kinds.ts';
import {hasTies, podsWithTokenOf, tiedTo} from './ties.ts';

/** What goes with objects when they are deleted. */
export interface Dependents {
  found: KubeObject[];
  /** Those of them that no controller makes again. */
  lost: KubeObject[];
  /** Pods that stay, and whose token dies with a ServiceAccount. */
  cut: KubeObject[];
  /** Kinds that this user may not list: their objects may go as well. */
  unseen: string[];
  /** Rights without which one cannot say what goes. */
  missing: Permission[];
}

/**
 * The objects that go when their owners go, through all generations: by ownerReferences, those of an owner in no
 * namespace wherever they are (not when they are orphaned); and by the ties that Kubernetes' own controllers go by.
 */
export async function dependentsOf(
  cluster: ClusterReader,
  owners: readonly KubeObject[],
  {orphaning, signal}: {orphaning: boolean; signal: AbortSignal},
): Promise<Dependents> {
  const none = {found: [], lost: [], cut: [], unseen: [], missing: []};
  if (orphaning && !owners.some(hasTies)) return none;
  const places = new Set(owners.map(({metadata}) => metadata.namespace));
  const kinds = [...new Map(owners.flatMap(ownedKinds).map((one) => [nameOf(one), one])).values()];
  const all: Candidates = {objects: [], unseen: [], missing: []};
  for (const namespace of places) {
    const {objects, unseen, missing} = await candidatesIn({cluster, namespace, signal}, kinds);
    all.objects.push(...objects);
    all.unseen.push(...unseen);
    all.missing.push(...missing);
  }
  const gone = new Map(owners.map((owner) => [owner.metadata.uid, owner]));
  const found = new Map<KubeObject, readonly KubeObject[]>();
  const add = (object: KubeObject, of: readonly KubeObject[]) => {
    found.set(object, of);
    gone.set(object.metadata.uid, object);
  };
  for (const owner of owners) {
    for (const object of tiedTo(owner, all.objects)) if (!gone.has(object.metadata.uid)) add(object, [owner]);
  }
  for (let before = -1; !orphaning && before !== found.size; ) {
    before = found.size;
    for (const candidate of all.objects) {
      // Whoever has an owner left stays.
      const uids = ownersOf(candidate);
      if (gone.has(candidate.metadata.uid) || uids.length === 0 || !uids.every((uid) => gone.has(uid))) continue;
      add(
        candidate,
        uids.flatMap((uid) => gone.get(uid) ?? []),
      );
    }
  }
  const lost = new Set<KubeObject>();
  for (const [object, of] of found) {
    // A bare pod that goes with its Node has no controller at all.
    const comesAgain = ownersOf(object).length > 0 && of.some((owner) => isMadeAgain(owner, object));
    if (!comesAgain) lost.add(object);
  }
  for (const [, past] of Map.groupBy([...found].filter(isPast), ([, [owner]]) => owner)) {
    // Of a target that is made again its history is made again as well; of what a controller makes again it is not.
    if (past.length > 1 && !owners.includes(past[0]?.[1][0] as KubeObject)) for (const [one] of past) lost.add(one);
  }
  return {
    found: [...found.keys()],
    lost: [...lost],
    cut: owners.flatMap((owner) => podsWithTokenOf(owner, all.objects)),
    unseen: [...new Set(all.unseen)].sort(),
    missing: all.missing,
  };
}

/** The releases of a workload. */
const isPast = ([{kind}, of]: [KubeObject, readonly KubeObject[]]): boolean =>
  (kind === 'ReplicaSet' && of.some((owner) => owner.kind === 'Deployment')) || kind === 'ControllerRevision';

function ownersOf({metadata}: KubeObject): (string | undefined)[] {
  const references = metadata.ownerReferences;
  return (Array.isArray(references) ? references : []).map((reference) =>
    isJsonObject(reference) && typeof reference.uid === 'string' ? reference.uid : undefined,
  );
}
