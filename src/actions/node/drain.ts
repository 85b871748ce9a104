import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {ClusterReader, FrozenRef, KubeObject} from '../../cluster/types.ts';
import {durationField} from '../../io/fields.ts';
import type {Json, JsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import {changed, notFound} from '../common/absent.ts';
import {hasEmptyDir} from '../common/empty-dir.ts';
import {healerOf, healPermissions, healsRecord, type Owner, ownerPermissions} from '../common/heals.ts';
import {podsToReplace} from '../common/makings.ts';
import {find, freeze, waitGone} from '../common/objects.ts';
import {podsOf} from '../common/owned-pods.ts';
import {permit} from '../common/permissions.ts';
import {save} from '../common/sealed.ts';
import {type ActionContext, type ActionPlan, defineAction, type UndoRecord} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {fieldOwners} from '../fields/owners.ts';
import {objectPutBack} from '../object/put-back.ts';
import {copyOf} from '../object/recreatable.ts';
import {objectRecreate} from '../object/recreate.ts';
import {perhaps, withoutRetries} from '../pod/replaced.ts';
import {budgetKind, budgetsOf, describeBudget} from './budgets.ts';
import {evictAll} from './evict.ts';
import {checkConsent, reasonToStay} from './evictable.ts';
import {
  choicePermissions,
  chooseNode,
  cordon,
  cordonFields,
  isCordoned,
  nodeFields,
  saysWhich,
  whichNode,
} from './nodes.ts';
import {podReschedule} from './pod-reschedule.ts';

const input = () =>
  z
    .strictObject({
      ...nodeFields(),
      ignoreDaemonSets: z.boolean().default(false).describe('Leave the pods of DaemonSets where they are'),
      force: z
        .boolean()
        .default(false)
        .describe('Evict pods that no controller replaces; they are saved, and made again by the undo'),
      deleteEmptyDirData: z.boolean().default(false).describe('Evict pods whose data in an emptyDir are lost'),
      gracePeriod: durationField().optional().describe("Time to end; the pod's own when absent"),
    })
    .refine(saysWhich, whichNode);
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    node: z.string().describe('Name of the drained node'),
    uid: z.string().describe('Its UID'),
    cordoned: z.boolean().describe('Whether this step cordoned it; false when it was cordoned before'),
    names: z.array(z.string()).describe('Names of the evicted pods'),
    uids: z.array(z.string()).describe('Their UIDs'),
    refusals: z.int().describe('How often a disruption budget said no before it said yes'),
    blockedBy: z.array(z.string()).describe('Disruption budgets that said no, as namespace/name'),
  });

const kind = 'node/drain';

/** Empties a node as an administrator does before maintenance. */
export const nodeDrain = defineAction<Input, z.infer<ReturnType<typeof output>>>({
  kind,
  summary: 'Drains a node: cordons it and evicts its pods as their disruption budgets allow, until its timeout.',
  input,
  output,
  reversal: 'undoable',
  examples: [
    {name: 'worker-1', ignoreDaemonSets: true},
    {running: {namespace: 'shop', selector: 'app=web'}, ignoreDaemonSets: true, deleteEmptyDirData: true},
  ],
  undos: [objectPutBack, objectRecreate, podReschedule],
  permissions: (given, {defaultNamespace}) => [
    ...choicePermissions(given, defaultNamespace),
    ...permit(['patch'], {apiVersion: 'v1', kind: 'Node'}),
    ...permit(['get', ...(given.force ? ['create', 'patch'] : [])], {apiVersion: 'v1', kind: 'Pod'}),
    ...permit(['create'], {apiVersion: 'v1', kind: 'Pod'}, 'eviction'),
    ...permit(['list'], budgetKind),
    ...healPermissions(),
  ],
  plan: async (ctx, given) => {
    const node = await chooseNode(ctx, kind, given);
    const all = await podsOn(ctx, node.metadata.name);
    const staying = all.filter((pod) => reasonToStay(pod) !== undefined);
    const going = await Promise.all(
      all.filter((pod) => reasonToStay(pod) === undefined).map((pod) => lookAt(ctx, pod)),
    );
    const owners = going.flatMap(({healer}) => healer ?? []);
    checkConsent(kind, going, staying, {...given, others: await withoutRetries(ctx, owners)});
    const what = `Node ${node.metadata.name} has no pod to evict (0 of ${all.length})`;
    if (going.length === 0) throw notFound(kind, what, {apiVersion: 'v1', kind: 'Pod'});
    const wasCordoned = isCordoned(node);
    const bare = going.filter(({healer}) => healer === undefined);
    const healers = going.flatMap(({pod, healer}) => (healer === undefined ? [] : [[pod.metadata.uid ?? '', healer]]));
    return {
      targets: [freeze(node), ...going.map(({pod}) => freeze(pod))],
      undoKinds: [
        ...(wasCordoned ? [] : ['object/put-back']),
        ...(bare.length < going.length ? ['pod/reschedule'] : []),
        ...(bare.length > 0 ? ['object/recreate'] : []),
      ],
      losses: going.some(({pod}) => hasEmptyDir(pod)) ? [{loss: 'volumeData', of: 'Pod'}] : [],
      notes: [
        ...(wasCordoned ? [`Node ${node.metadata.name} is cordoned already, and stays so`] : []),
        ...staying.map((pod) => `leaves ${describeRef(freeze(pod))}: ${reasonToStay(pod)}`),
        ...new Set(going.flatMap(({budgets}) => budgets.map(describeBudget))),
        ...new Set(owners.filter(({isSure}) => !isSure).map(perhaps)),
      ],
      permissions: await ownerPermissions(ctx.cluster, owners, {signal: ctx.signal}),
      makes: podsToReplace(going.map(({pod}) => pod)),
      details: {
        cordon: wasCordoned ? null : {uid: node.metadata.uid ?? '', fields: cordonFields(node) as unknown as Json},
        healers: Object.fromEntries(healers),
      },
    };
  },
  run: async (ctx, given, plan) => {
    const [node, ...pods] = plan.targets as [FrozenRef, ...FrozenRef[]];
    const cordoned = plan.details?.cordon !== null;
    if (cordoned) await cordon(ctx, kind, node);
    else await checkStillCordoned(ctx, node);
    const gracePeriodSeconds = given.gracePeriod === undefined ? undefined : Math.ceil(given.gracePeriod / 1000);
    const undoOf = (pod: Target) => undoRecord(ctx, plan, pod);
    const said = await evictAll(ctx, {kind, pods, gracePeriodSeconds, undoOf});
    await Promise.all(pods.map((pod) => waitGone(ctx, pod, pod.uid)));
    const names = pods.map(({name}) => name);
    return {node: node.name, uid: node.uid, cordoned, names, uids: pods.map(({uid}) => uid), ...said};
  },
  shows: 'consequence',
  effect: async (ctx, _given, {targets, details}) => {
    const [node, ...old] = targets as [FrozenRef, ...FrozenRef[]];
    const left = (await podsOn(ctx, node.name)).filter((pod) => reasonToStay(pod) === undefined).length;
    const live = await Promise.all(old.map((pod) => find(ctx.cluster, pod, {signal: ctx.signal})));
    const gone = live.filter((pod, index) => pod?.metadata.uid !== old[index]?.uid).length;
    const owners = Object.values((details?.healers ?? {}) as unknown as Record<string, Owner>);
    // Where another controller makes its pods, if it makes them, is its own business.
    const healers = distinct(owners.filter(({isSure}) => isSure));
    const moved = await Promise.all(healers.map((healer) => runsElsewhere(ctx, healer, node.name)));
    const elsewhere = moved.filter(Boolean).length;
    return {
      seen: left === 0 && gone === old.length && elsewhere === healers.length,
      detail:
        `${gone} of ${old.length} old pods are gone, ${left} are left on Node ${node.name}, ` +
        `${elsewhere} of ${healers.length} workloads run elsewhere`,
    };
  },
});

/** The pods of a node, in all namespaces. */
const podsOn = ({cluster, signal}: ActionContext, node: string) =>
  cluster.list({apiVersion: 'v1', kind: 'Pod', fieldSelector: `spec.nodeName=${node}`}, {signal});

/** Who would replace a pod, and which budgets it stands under. */
async function lookAt({cluster, signal}: ActionContext, pod: KubeObject) {
  const [healer, budgets] = await Promise.all([healerOf(cluster, pod, {signal}), budgetsOf(cluster, pod, {signal})]);
  return {pod, healer, budgets};
}

async function checkStillCordoned({cluster, signal}: ActionContext, node: FrozenRef): Promise<void> {
  const live = await find(cluster, node, {signal});
  if (live?.metadata.uid === node.uid && isCordoned(live)) return;
  throw changed(kind, `${describeRef(node)} was uncordoned or replaced`, node);
}

/** A pod with a controller comes back by it; a bare one is saved and made again. */
async function undoRecord(ctx: ActionContext, {targets, details}: ActionPlan, pod: Target): Promise<UndoRecord> {
  const {uid = ''} = pod;
  const healer = ((details?.healers ?? {}) as unknown as Record<string, Owner>)[uid];
  const putBack = details?.cordon as JsonObject | null;
  if (healer !== undefined) {
    const cordoned = putBack === null ? {} : {cordon: {node: targets[0]?.name ?? '', putBack}};
    return {kind: 'pod/reschedule', data: {heals: healsRecord(healer, [uid]).data, ...cordoned}};
  }
  const live = await find(ctx.cluster, pod, {signal: ctx.signal});
  if (live?.metadata.uid !== uid) throw changed(kind, `${describeRef(pod)} is gone or was replaced`, pod);
  const saved = await save(ctx.vault, 'Pod', copyOf(live));
  return {kind: 'object/recreate', data: {uid, saved}, payloads: [saved], owners: fieldOwners(live)};
}

function distinct(healers: readonly Owner[]): Owner[] {
  return [...new Map(healers.map((healer) => [describeRef(healer.ref), healer])).values()];
}

/** Whether a workload has all the pods that it wanted, running, and none of them on this node. */
async function runsElsewhere(
  {cluster, signal}: {cluster: ClusterReader; signal: AbortSignal},
  {ref, desired}: Owner,
  node: string,
): Promise<boolean> {
  const live = await find(cluster, ref, {signal});
  if (live === undefined) return false;
  const pods = await podsOf(cluster, live, {signal});
  const running = pods.filter(
    (pod) => pod.metadata.deletionTimestamp === undefined && valueAt(pod, ['status', 'phase']) === 'Running',
  );
  return running.filter((pod) => valueAt(pod, ['spec', 'nodeName']) !== node).length >= desired;
}
