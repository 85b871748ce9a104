import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {KubeObject, ListQuery} from '../../cluster/types.ts';
import {durationField, namespaceField, selectorField} from '../../io/fields.ts';
import type {JsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import {changed, noNamespace, notFound, refused} from '../common/absent.ts';
import {podsComing} from '../common/coming.ts';
import {emptyDirNotes} from '../common/empty-dir.ts';
import {
  healerOf,
  healPermissions,
  healsRecord,
  isAlive,
  isMirror,
  type Owner,
  ownerPermissions,
} from '../common/heals.ts';
import {podsToReplace} from '../common/makings.ts';
import {controllerOf, find, freeze, isNamespaceMissing} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {platformHeals} from '../common/platform-heals.ts';
import {type ActionContext, defineAction} from '../define.ts';
import {checkRetries, mirrored, mirrorHint, perhaps} from './replaced.ts';
import {countField, howMany, nameMatches, namePattern} from './select.ts';

const input = () =>
  z
    .strictObject({
      namespace: namespaceField().optional(),
      selector: selectorField().optional(),
      name: namePattern().optional(),
      names: z.array(namePattern()).min(1).optional().describe('Several names'),
      count: countField(),
      gracePeriod: durationField()
        .optional()
        .describe("Time to end; the pod's own when absent, 0s kills at once without waiting for the kubelet"),
    })
    .refine(({selector, name, names}) => selector ?? name ?? names, {
      message: 'say which pods: selector, name or names',
    });
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    names: z.array(z.string()).describe('Names of the deleted pods'),
    uids: z.array(z.string()).describe('Their UIDs'),
  });

const kind = 'pod/delete';
const pods = {apiVersion: 'v1', kind: 'Pod'} as const;

/** Deletes pods that a controller replaces. */
export const podDelete = defineAction<Input, z.infer<ReturnType<typeof output>>>({
  kind,
  summary:
    'Deletes pods, all or some that match; only pods that a controller replaces, or may replace where the loss is accepted.',
  input,
  output,
  reversal: 'platform-heals',
  examples: [
    {namespace: 'kube-system', selector: 'k8s-app=kube-dns', gracePeriod: '0s'},
    {namespace: 'shop', selector: 'app=web', count: '50%'},
  ],
  undos: [platformHeals],
  permissions: ({namespace}, {defaultNamespace}) => [
    ...permit(['list', 'get', 'delete'], {...pods, namespace: namespace ?? defaultNamespace}),
    ...healPermissions(namespace ?? defaultNamespace),
  ],
  foresees: (given, coming) => {
    const {namespace = coming.defaultNamespace, selector, count} = given;
    // What pods will be called, nobody knows.
    if (selector === undefined || namesOf(given) !== undefined) return undefined;
    const all = podsComing(coming, namespace, selector);
    return all === 0 || count === 'all' ? all : Math.min(all, howMany(count, all));
  },
  plan: async (ctx, given) => {
    const chosen = await choose(ctx, given);
    const {signal} = ctx;
    const undos: JsonObject = {};
    const owners: Owner[] = [];
    for (const pod of chosen) {
      const owner = await healerOf(ctx.cluster, pod, {signal});
      if (owner === undefined) throw notReplaced(pod);
      const {uid = ''} = pod.metadata;
      undos[uid] = healsRecord(owner, [uid]).data;
      owners.push(owner);
    }
    await checkRetries(ctx, kind, owners);
    const unsure = owners.filter(({isSure}) => !isSure);
    return {
      targets: chosen.map(freeze),
      undoKinds: ['platform/heals'],
      losses: unsure.length === 0 ? [] : [{loss: 'objects', of: 'Pod'}],
      notes: [...new Set(unsure.map(perhaps)), ...emptyDirNotes(chosen)],
      permissions: await ownerPermissions(ctx.cluster, owners, {signal}),
      details: undos,
      makes: podsToReplace(chosen),
    };
  },
  run: async (ctx, given, plan) => {
    for (const target of plan.targets) {
      await checkAgain(ctx, given, target);
      const undo = {kind: 'platform/heals', data: plan.details?.[target.uid ?? ''] as JsonObject};
      await ctx.mutate({undo, target}, ({cluster}) =>
        cluster.delete(target, {
          signal: ctx.signal,
          ...(target.uid === undefined ? {} : {uid: target.uid}),
          ...(given.gracePeriod === undefined ? {} : {gracePeriodSeconds: Math.ceil(given.gracePeriod / 1000)}),
        }),
      );
    }
    return {names: plan.targets.map(({name}) => name), uids: plan.targets.map(({uid = ''}) => uid)};
  },
  shows: 'consequence',
  effect: async ({cluster, signal}, _given, {targets}) => {
    const live = await Promise.all(targets.map((target) => find(cluster, target, {signal})));
    const gone = live.filter((pod, index) => pod?.metadata.uid !== targets[index]?.uid).length;
    return {seen: gone === targets.length, detail: `${gone} of ${targets.length} old pods are gone`};
  },
});

/**
 * The pods that are meant: those that match, as many as asked for. One that is already on its way out, or has ended, is
 * no target and does not use up the count.
 */
async function choose(ctx: ActionContext, given: Input): Promise<KubeObject[]> {
  const query = queryOf(ctx, given);
  const listed = await ctx.cluster.list(query, {signal: ctx.signal});
  const names = namesOf(given);
  const matching = listed.filter(
    (pod) => isAlive(pod) && (names === undefined || names.some((name) => nameMatches(name, pod.metadata.name))),
  );
  if (matching.length === 0) throw await none(ctx, given, query);
  const sorted = matching.toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1));
  return given.count === 'all' ? sorted : ctx.random.sample(sorted, howMany(given.count, sorted.length));
}

/** Says how many pods there are besides, or that the namespace is the mistake. */
async function none(ctx: ActionContext, given: Input, query: ListQuery) {
  const {namespace = ''} = query;
  const all = await ctx.cluster.list({...pods, namespace}, {signal: ctx.signal});
  if (all.length === 0 && (await isNamespaceMissing(ctx.cluster, namespace, {signal: ctx.signal}))) {
    return noNamespace(kind, namespace);
  }
  const which = given.selector ?? namesOf(given)?.join(', ') ?? '';
  return notFound(kind, `no running pod in namespace ${namespace} matches ${which} (0 of ${all.length} pods)`, query);
}

/** Right before its call: the same pod, still there, still matching, not on its way out. */
async function checkAgain(ctx: ActionContext, given: Input, target: Target): Promise<void> {
  const query = {...queryOf(ctx, given), fieldSelector: `metadata.name=${target.name}`};
  const [pod] = await ctx.cluster.list(query, {signal: ctx.signal});
  if (pod?.metadata.uid === target.uid && pod?.metadata.deletionTimestamp === undefined) return;
  const how = pod === undefined ? 'is gone or does not match any more' : 'was replaced or is on its way out';
  throw changed(kind, `${describeRef(target)} ${how}`, target);
}

function queryOf(ctx: ActionContext, {namespace, selector}: Input): ListQuery {
  return {
    ...pods,
    namespace: namespace ?? ctx.defaultNamespace,
    ...(selector === undefined ? {} : {labelSelector: selector}),
  };
}

const namesOf = ({name, names}: Input): string[] | undefined =>
  name === undefined && names === undefined ? undefined : [...(name === undefined ? [] : [name]), ...(names ?? [])];

function notReplaced(pod: KubeObject) {
  const name = describeRef(freeze(pod));
  if (isMirror(pod)) return refused(kind, `${name} ${mirrored}`, mirrorHint);
  const owner = controllerOf(pod);
  if (owner !== undefined) {
    const what = `${name} belongs to ${owner.kind} ${owner.name}, which is gone: the garbage collector takes the pod as well`;
    return refused(kind, what, 'Nothing can bring such a pod back; choose others');
  }
  return refused(
    kind,
    `${name} has no controller that would replace it, so nothing would bring it back`,
    'Choose pods of a Deployment, StatefulSet or DaemonSet; object/delete can delete a bare pod and put it back',
  );
}
