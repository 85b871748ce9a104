import {find, refOf} from '../../actions/common/objects.ts';
import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterReader, ClusterWriter, KubeObject, ObjectRef} from '../../cluster/types.ts';
import {type ResidentOptions, residentManifests} from './manifests.ts';
import {residentLabel} from './rule.ts';

interface Access {
  reader: ClusterReader;
  writer: ClusterWriter;
  signal: AbortSignal;
}

/**
 * Puts the resident canary into the cluster, or brings it up to date. A namespace that is there is left as it is.
 * Returns what was applied. Rejects with a ClusterError.
 */
export async function installResident(
  {reader, writer, signal}: Access,
  options: ResidentOptions,
): Promise<ObjectRef[]> {
  const applied: ObjectRef[] = [];
  for (const object of residentManifests(options)) {
    if (object.kind === 'Namespace' && (await find(reader, refOf(object), {signal})) !== undefined) continue;
    await writer.apply(object, {signal, fieldManager: 'kubedrill'});
    applied.push(refOf(object));
  }
  return applied;
}

/**
 * Takes the resident canary out of the cluster, with all that it wrote; the namespace only when `install` made it.
 * Returns what was deleted. Rejects with a ClusterError.
 */
export async function uninstallResident({reader, writer, signal}: Access, namespace: string): Promise<ObjectRef[]> {
  const [own, ...rest] = residentManifests({namespace, image: ''});
  const deleted: ObjectRef[] = [];
  const remove = async (object: KubeObject | undefined) => {
    if (object === undefined) return;
    const {uid} = object.metadata;
    const ref = refOf(object);
    try {
      await writer.delete(ref, {signal, propagationPolicy: 'Background', ...(uid === undefined ? {} : {uid})});
      deleted.push(ref);
    } catch (error) {
      if (!isClusterError(error, 'notFound')) throw error;
    }
  };
  // The writer first: else it goes on while its writes are removed.
  for (const object of rest.toReversed()) await remove(await find(reader, refOf(object), {signal}));
  const made = own && (await find(reader, refOf(own), {signal}));
  if (made && made.metadata.labels?.['app.kubernetes.io/name'] === own?.metadata.labels?.['app.kubernetes.io/name']) {
    await remove(made);
    return deleted;
  }
  const beats = await reader.list(
    {apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: residentLabel},
    {signal},
  );
  for (const beat of beats) await remove(beat);
  return deleted;
}
