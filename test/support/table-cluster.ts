import type {UndoContext} from '../../src/actions/define.ts';
import {ClusterError} from '../../src/cluster/errors.ts';
import type {ClusterReader, FrozenRef, KubeObject, ObjectRef} from '../../src/cluster/types.ts';
import {uncritical} from '../../src/drill/contexts.ts';
import {systemClock} from '../../src/io/clock.ts';
import {silentLog} from '../../src/io/log.ts';
import {memoryVault} from './action-context.ts';

/** Objects that no cluster of the tests has, for what looks at them and takes some away. */
export interface TableCluster {
  objects: KubeObject[];
  cluster: ClusterReader;
  /** Names of what was deleted, in order. */
  deleted: string[];
  /** What an undo gets, until `limit` milliseconds are over. */
  undoing(limit?: number): UndoContext;
}

/** `onDelete` is what the cluster makes of it; without it, the object is gone. */
export function tableCluster(
  objects: KubeObject[],
  {onDelete, allowed = true}: {onDelete?: (name: string) => void; allowed?: boolean} = {},
): TableCluster {
  const deleted: string[] = [];
  const is = (ref: ObjectRef) => (object: KubeObject) =>
    object.kind === ref.kind && object.metadata.name === ref.name && object.metadata.namespace === ref.namespace;
  const cluster = {
    get: async (ref: ObjectRef) => {
      const object = objects.find(is(ref));
      if (object === undefined) throw new ClusterError('not found', {reason: 'notFound', status: 404});
      return object;
    },
    list: async ({kind, namespace}: {kind: string; namespace?: string}) =>
      objects.filter(
        (object) => object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace),
      ),
    review: async () => ({allowed, reason: ''}),
  } as unknown as ClusterReader;
  const remove = async (ref: FrozenRef) => {
    deleted.push(ref.name);
    if (onDelete === undefined) objects.splice(objects.findIndex(is(ref)), 1);
    else onDelete(ref.name);
    return {};
  };
  return {
    objects,
    cluster,
    deleted,
    undoing: (limit = 10_000) => ({
      signal: AbortSignal.timeout(limit),
      clock: systemClock,
      log: silentLog,
      cluster,
      write: {cluster: {delete: remove}} as unknown as UndoContext['write'],
      vault: memoryVault(new Map()),
      run: {id: 'r', label: 'abcdef012345', fieldManager: 'kubedrill'},
      own: {fixture: () => undefined, maker: () => undefined, isRemoved: false, isDoubted: false, written: []},
      critical: uncritical,
    }),
  };
}
