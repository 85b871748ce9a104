import * as z from 'zod';
import {ClusterError} from '../../cluster/errors.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject} from '../../io/json.ts';
import {defineUndo} from '../define.ts';

const schema = z.strictObject({holder: z.string()});

/** Gives the drill's lock back. Someone else's lease of the same name is left alone. */
export const leaseRelease = defineUndo({
  kind: 'lease/release',
  summary: 'Deletes the Lease by which the drill held the cluster, if it is still the holder.',
  schema,
  permissions: () => [],
  run: async ({cluster, write, signal}, {holder}, target) => {
    const live = await found(cluster.get(target, {signal}));
    if (live === undefined) return {state: 'already', detail: 'the lease is gone'};
    if (holderOf(live) !== holder) return {state: 'already', detail: `held by ${holderOf(live)} by now`};
    const {uid, resourceVersion} = live.metadata;
    await found(
      write.cluster.delete(target, {
        signal,
        ...(uid === undefined ? {} : {uid}),
        ...(resourceVersion === undefined ? {} : {resourceVersion}),
      }),
    );
    return {state: 'undone'};
  },
  verify: async ({cluster, signal}, {holder}, target) => {
    const live = await found(cluster.get(target, {signal}));
    return live !== undefined && holderOf(live) === holder
      ? {ok: false, detail: 'the lease is still held by this run'}
      : {ok: true, detail: 'the lease is not held by this run'};
  },
  command: (_, target) => `kubectl -n ${target.namespace ?? 'kubedrill'} delete lease ${target.name}`,
});

/** Who holds a Lease; empty when nobody does. */
export function holderOf(lease: KubeObject): string {
  const spec = lease.spec;
  const holder = isJsonObject(spec) ? spec.holderIdentity : undefined;
  return typeof holder === 'string' ? holder : '';
}

/** The answer, or undefined when there is no such object. */
async function found<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'notFound') return undefined;
    throw error;
  }
}
