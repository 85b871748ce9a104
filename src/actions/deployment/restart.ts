import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {KubeObject, ObjectRef} from '../../cluster/types.ts';
import {namespaceField, objectName} from '../../io/fields.ts';
import {changed, notFound, refused} from '../common/absent.ts';
import {emptyDirNotes} from '../common/empty-dir.ts';
import {desiredOf, healPermissions, healsRecord, restartAnnotation} from '../common/heals.ts';
import {podsToMake} from '../common/makings.ts';
import {find, freeze, refOf} from '../common/objects.ts';
import {candidatesOf, ownedAmong, podsOf} from '../common/owned-pods.ts';
import {permit} from '../common/permissions.ts';
import {platformHeals} from '../common/platform-heals.ts';
import {isKeptByDesign} from '../common/rollout.ts';
import {type ActionContext, defineAction} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {fieldOwners} from '../fields/owners.ts';

const input = () =>
  z.strictObject({
    namespace: namespaceField().optional(),
    name: objectName(),
    kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']).default('Deployment').describe('Kind of the workload'),
  });
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    uid: z.string().describe('UID of the workload'),
    podUids: z.array(z.string()).describe('UIDs of the pods that are to go'),
  });

const kind = 'deployment/restart';

/** Restarts a workload pod by pod. */
export const deploymentRestart = defineAction<Input, z.infer<ReturnType<typeof output>>>({
  kind,
  summary: 'Restarts the pods of a Deployment, StatefulSet or DaemonSet as kubectl rollout restart does.',
  input,
  output,
  reversal: 'platform-heals',
  examples: [{namespace: 'kube-system', name: 'coredns'}],
  undos: [platformHeals],
  permissions: (given, {defaultNamespace}) => {
    const namespace = given.namespace ?? defaultNamespace;
    return [
      ...permit(['get', 'patch'], {apiVersion: 'apps/v1', kind: given.kind, namespace}),
      ...healPermissions(namespace),
    ];
  },
  plan: async (ctx, given) => {
    const live = await target(ctx, given);
    const pods = await restarted(ctx, live);
    return {
      targets: [freeze(live)],
      cascade: pods.map(freeze),
      undoKinds: ['platform/heals'],
      notes: emptyDirNotes(pods),
      makes: podsToMake(live, {replaces: true}),
    };
  },
  run: async (ctx, given, plan) => {
    const {signal} = ctx;
    const live = await target(ctx, given);
    const frozen = freeze(live);
    if (frozen.uid !== plan.targets[0]?.uid) throw changed(kind, `${describeRef(frozen)} was replaced`, frozen);
    const pods = await restarted(ctx, live);
    const podUids = pods.map(({metadata: {uid = ''}}) => uid);
    const restartedAt = ctx.clock.wall().toISOString();
    const {kind: undoKind, data} = healsRecord({ref: refOf(live), desired: desiredOf(live) ?? 0}, podUids);
    const undo = {kind: undoKind, data: {...data, restartedAt}, owners: fieldOwners(live)};
    const patch = {
      metadata: {uid: frozen.uid},
      spec: {template: {metadata: {annotations: {[restartAnnotation]: restartedAt}}}},
    };
    await ctx.mutate({undo, target: frozen}, ({cluster}) => cluster.patch(frozen, patch, {signal, type: 'merge'}));
    return {uid: frozen.uid, podUids};
  },
  shows: 'consequence',
  effect: async (ctx, given, _plan, {podUids}) => {
    const live = await find(ctx.cluster, refTo(ctx, given), {signal: ctx.signal});
    const pods = live === undefined ? [] : await candidatesOf(ctx.cluster, live, {signal: ctx.signal});
    const owned = live === undefined ? [] : await ownedAmong(ctx.cluster, live, pods, {signal: ctx.signal});
    const isOld = ({metadata}: KubeObject) => podUids.includes(metadata.uid ?? '');
    const gone = podUids.length - pods.filter(isOld).length;
    return {
      seen: gone > 0 && owned.some((pod) => !isOld(pod)),
      detail: `${gone} of ${podUids.length} old pods are gone`,
    };
  },
});

const refTo = (ctx: ActionContext, {namespace, name, kind: wanted}: Input): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: wanted,
  name,
  namespace: namespace ?? ctx.defaultNamespace,
});

/** The pods that a restart replaces, which is not all of them where the rollout is partitioned. Rejects when it is none. */
async function restarted(ctx: ActionContext, live: KubeObject): Promise<KubeObject[]> {
  const pods = await podsOf(ctx.cluster, live, {signal: ctx.signal});
  const going = pods.filter((pod) => !isKeptByDesign(live, pod));
  if (going.length > 0 || pods.length === 0) return going;
  const what = `${describeRef(refOf(live))} keeps all its ${pods.length} pods by its partition, so nothing would restart`;
  throw refused(kind, what, 'Use pod/delete, or lower spec.updateStrategy.rollingUpdate.partition');
}

/** The workload, if a restart of it would replace pods at all. */
async function target(ctx: ActionContext, given: Input): Promise<KubeObject> {
  const ref = refTo(ctx, given);
  const live = await find(ctx.cluster, ref, {signal: ctx.signal});
  if (live === undefined) throw notFound(kind, `there is no ${describeRef(ref)}`, ref);
  if (desiredOf(live) === 0) throw refused(kind, `${describeRef(ref)} wants no pods`, 'Scale it up first');
  if (valueAt(live, ['spec', 'paused']) === true) {
    throw refused(kind, `${describeRef(ref)} is paused, so nothing would restart`, 'Resume it: kubectl rollout resume');
  }
  if (valueAt(live, ['spec', 'updateStrategy', 'type']) === 'OnDelete') {
    throw refused(kind, `${describeRef(ref)} updates on delete only, so nothing would restart`, 'Use pod/delete');
  }
  return live;
}
