import {ClusterError} from '../../src/cluster/errors.ts';
import type {ClusterReader, ClusterWriter, KubeObject, ObjectRef} from '../../src/cluster/types.ts';

/** The least cluster that undo records can be played on: objects in a map. Calls that a test does not need reject. */
export interface MemoryCluster {
  objects: Map<string, KubeObject>;
  reader: ClusterReader;
  writer: ClusterWriter;
}

const keyOf = ({kind, namespace = '', name}: ObjectRef) => `${kind}/${namespace}/${name}`;
const refOf = ({apiVersion, kind, metadata}: KubeObject): ObjectRef => ({
  apiVersion,
  kind,
  name: metadata.name,
  ...(metadata.namespace === undefined ? {} : {namespace: metadata.namespace}),
});
const unused = () => Promise.reject(new Error('this memory cluster does not know that call'));

export function createMemoryCluster(): MemoryCluster {
  const objects = new Map<string, KubeObject>();
  let made = 0;
  const find = (ref: ObjectRef): KubeObject => {
    const object = objects.get(keyOf(ref));
    if (object) return object;
    throw new ClusterError(`${keyOf(ref)} was not found`, {reason: 'notFound', status: 404});
  };
  return {
    objects,
    reader: {
      server: 'http://memory',
      get: async (ref) => find(ref),
      list: unused,
      raw: unused,
      resource: unused,
      review: unused,
      followLog: unused,
    } as ClusterReader,
    writer: {
      create: async (object) => {
        const stored = {...object, metadata: {...object.metadata, uid: `u${++made}`, resourceVersion: '1'}};
        objects.set(keyOf(refOf(object)), stored);
        return stored;
      },
      delete: async (ref) => {
        find(ref);
        objects.delete(keyOf(ref));
        // A namespace takes along what is in it.
        for (const [key, {metadata}] of objects) {
          if (ref.kind === 'Namespace' && metadata.namespace === ref.name) objects.delete(key);
        }
        return {status: 'Success'};
      },
      apply: unused,
      replace: unused,
      patch: unused,
      evict: unused,
    },
  };
}
