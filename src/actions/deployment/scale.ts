import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {KubeObject, ObjectRef} from '../../cluster/types.ts';
import {namespaceField, objectName} from '../../io/fields.ts';
import {changed, notFound, refused} from '../common/absent.ts';
import {emptyDirNotes} from '../common/empty-dir.ts';
import {podsToMake} from '../common/makings.ts';
import {find, freeze, numberAt, refOf as objectRef, onLatest} from '../common/objects.ts';
import {podsOf} from '../common/owned-pods.ts';
import {patchPermissions, permit} from '../common/permissions.ts';
import {type ActionContext, defineAction} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {fieldOwners} from '../fields/owners.ts';
import {autoscalerOf, autoscalerPermissions, autoscalingNote} from './autoscalers.ts';
import {claimPermissions, losesClaims, noteClaims, volumeData} from './claims.ts';
import {scalePutBack} from './scale-put-back.ts';
import {readyPods, scaled} from './scaled.ts';

const input = () =>
  z.strictObject({
    namespace: namespaceField().optional(),
    name: objectName(),
    kind: z.enum(['Deployment', 'StatefulSet', 'ReplicaSet']).default('Deployment').describe('Kind of the workload'),
    replicas: z.int().min(0).describe('How many pods it is to have'),
  });
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    uid: z.string().describe('UID of the workload'),
    before: z.int().describe('Replicas that it had'),
    replicas: z.int().describe('Replicas that it has now'),
  });

const kind = 'deployment/scale';

/** Changes how many pods a workload has. */
export const deploymentScale = defineAction<Input, z.infer<ReturnType<typeof output>>>({
  kind,
  summary: 'Scales a Deployment, StatefulSet or ReplicaSet; to zero, it is an outage that its undo ends.',
  input,
  output,
  reversal: 'undoable',
  examples: [{namespace: 'shop', name: 'web', replicas: 0}],
  undos: [scalePutBack],
  permissions: (given, {defaultNamespace}) => {
    const ref = {apiVersion: 'apps/v1', kind: given.kind, namespace: given.namespace ?? defaultNamespace};
    return [
      ...patchPermissions(ref, 'scale'),
      ...permit(['list'], {apiVersion: 'v1', kind: 'Pod', namespace: ref.namespace}),
      ...(given.replicas === 0 ? [] : claimPermissions(ref)),
      ...autoscalerPermissions(ref),
      // Whose a pod is, is known by its ReplicaSet.
      ...(given.kind === 'Deployment' ? permit(['get'], {...ref, kind: 'ReplicaSet'}) : []),
    ];
  },
  plan: async (ctx, given) => {
    const live = await target(ctx, given);
    const before = numberAt(live, ['spec', 'replicas'], 1);
    const autoscaler = await autoscalerOf(ctx.cluster, live, {signal: ctx.signal});
    const pods = given.replicas < before ? await podsOf(ctx.cluster, live, {signal: ctx.signal}) : [];
    return {
      targets: [freeze(live)],
      // Which ones go is the controller's choice; only at zero it is known.
      cascade: given.replicas === 0 ? pods.map(freeze) : [],
      undoKinds: ['scale/put-back'],
      losses: given.replicas < before && losesClaims(live, 'whenScaled') ? [volumeData(live)] : [],
      notes: [
        `${before} → ${given.replicas} replicas`,
        ...(autoscaler === undefined ? [] : [autoscalingNote(autoscaler, given.replicas)]),
        ...lostBy(pods, before - given.replicas),
      ],
      // Scaled down, the undo wants those pods back that go.
      makes: podsToMake(live, given.replicas < before ? {replaces: true} : {}),
      details: {before},
    };
  },
  run: (ctx, given, plan) =>
    onLatest(ctx, async () => {
      const {signal} = ctx;
      const live = await target(ctx, given);
      const frozen = freeze(live);
      const before = numberAt(live, ['spec', 'replicas'], 1);
      if (frozen.uid !== plan.targets[0]?.uid || before !== plan.details?.before) {
        throw changed(kind, `${describeRef(frozen)} was replaced or scaled by somebody else`, frozen);
      }
      const claims = given.replicas > before ? await noteClaims(ctx, live, before) : undefined;
      const autoscaler = await autoscalerOf(ctx.cluster, live, {signal});
      const isCounted = valueAt(live, ['status', 'observedGeneration']) !== undefined;
      const data = {
        ...{uid: frozen.uid, before, after: given.replicas},
        ...(isCounted ? {ready: readyPods(live)} : {}),
        ...(claims === undefined ? {} : {claims}),
        ...(autoscaler === undefined ? {} : {autoscaler: describeRef(objectRef(autoscaler))}),
      };
      const undo = {kind: 'scale/put-back', data, owners: fieldOwners(live)};
      await ctx.mutate({undo, target: frozen}, ({cluster}) =>
        cluster.patch(frozen, scaled(live, given.replicas), {signal, type: 'merge', subresource: 'scale'}),
      );
      return {uid: frozen.uid, before, replicas: given.replicas};
    }),
  shows: 'consequence',
  effect: async (ctx, given) => {
    const ref = refOf(ctx, given);
    const live = await find(ctx.cluster, ref, {signal: ctx.signal});
    if (live === undefined) return {seen: false, detail: `${describeRef(ref)} is gone`};
    const wanted = numberAt(live, ['spec', 'replicas'], 1);
    const pods = await podsOf(ctx.cluster, live, {signal: ctx.signal});
    const counted = numberAt(live, ['status', 'replicas'], 0);
    const detail = `${describeRef(ref)} wants ${wanted}, has ${pods.length} pods`;
    return {seen: wanted === given.replicas && counted === wanted && pods.length === wanted, detail};
  },
});

/** Which pods go is the controller's choice: of some that stay, what they have may be lost or not. */
function lostBy(pods: readonly KubeObject[], fewer: number): string[] {
  const notes = emptyDirNotes(pods);
  return fewer === pods.length ? notes : notes.map((note) => `of the pods that go, ${note}`);
}

const refOf = (ctx: ActionContext, {namespace, name, kind: wanted}: Input): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: wanted,
  name,
  namespace: namespace ?? ctx.defaultNamespace,
});

async function target(ctx: ActionContext, given: Input): Promise<KubeObject> {
  const ref = refOf(ctx, given);
  const live = await find(ctx.cluster, ref, {signal: ctx.signal});
  if (live === undefined) throw notFound(kind, `there is no ${describeRef(ref)}`, ref);
  if (numberAt(live, ['spec', 'replicas'], 1) === given.replicas) {
    const what = `${describeRef(ref)} has ${given.replicas} replicas already, so this would change nothing`;
    throw refused(kind, what, 'Choose another number of replicas');
  }
  return live;
}
