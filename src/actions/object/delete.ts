import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {durationField, namespaceField, objectName, selectorField} from '../../io/fields.ts';
import {changed, held, notFound, refused} from '../common/absent.ts';
import {emptyDirNotes, hasEmptyDir} from '../common/empty-dir.ts';
import {isMirror} from '../common/heals.ts';
import {podsToMake} from '../common/makings.ts';
import {controllerOf, find, freeze} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {save} from '../common/sealed.ts';
import {type ActionContext, defineAction, type UndoRecord} from '../define.ts';
import {losesClaims, volumeData} from '../deployment/claims.ts';
import {valueAt} from '../fields/compare.ts';
import {fieldOwners} from '../fields/owners.ts';
import {mirrored, mirrorHint} from '../pod/replaced.ts';
import {companionPermissions, companionsOf, isEarlier} from './companions.ts';
import {dependentsOf} from './dependents.ts';
import {runsAgain} from './ended.ts';
import {keptBy} from './held.ts';
import {describeHolders, finalizersOf, holderPermissions, holdersOf} from './holders.ts';
import {lossesOf} from './losses.ts';
import {isClusterScoped, makesPods, ownedKinds} from './owned-kinds.ts';
import {copyOf, recreatable} from './recreatable.ts';
import {objectRecreate} from './recreate.ts';

const input = () =>
  z
    .strictObject({
      apiVersion: z.string().min(1).describe('API version as in a manifest: v1, apps/v1'),
      kind: z.string().min(1).describe('Kind as in a manifest'),
      namespace: namespaceField().optional(),
      name: objectName().optional(),
      selector: selectorField().optional(),
      propagationPolicy: z
        .enum(['Background', 'Foreground', 'Orphan'])
        .default('Background')
        .describe('What becomes of the objects that it owns'),
      gracePeriod: durationField().optional().describe('For pods: time to end'),
    })
    .refine(({name, selector}) => (name === undefined) !== (selector === undefined), {
      message: 'give name or selector',
    });
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    names: z.array(z.string()).describe('Names of the deleted objects'),
    uids: z.array(z.string()).describe('Their UIDs'),
  });

const kind = 'object/delete';

/** Deletes objects after saving them. */
export const objectDelete = defineAction<Input, z.infer<ReturnType<typeof output>>>({
  kind,
  summary: 'Deletes one object, or all that a selector matches, after saving a copy that the undo creates again.',
  input,
  output,
  reversal: 'undoable',
  examples: [{apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'}],
  undos: [objectRecreate],
  permissions: (given, {defaultNamespace}) => {
    const place = isClusterScoped(given) ? {} : {namespace: given.namespace ?? defaultNamespace};
    const owned = given.propagationPolicy === 'Orphan' ? [] : ownedKinds(given);
    return [
      ...permit(['get', 'list', 'create', 'patch', 'delete'], {...kindOf(given), ...place}),
      ...owned.flatMap((kind) => permit(['list'], {...kind, ...place})),
      ...companionPermissions(given, place.namespace),
      ...holderPermissions(given, place.namespace),
    ];
  },
  plan: async (ctx, given) => {
    const objects = await choose(ctx, given);
    for (const object of objects) await checkFit(ctx, object);
    const orphaning = given.propagationPolicy === 'Orphan';
    const {signal} = ctx;
    const dependents = await dependentsOf(ctx.cluster, objects, {orphaning, signal});
    return {
      targets: objects.map(freeze),
      cascade: dependents.found.map(freeze),
      undoKinds: ['object/recreate'],
      losses: [
        ...(await lossesOf(ctx, objects, dependents)),
        // By itself: the copy that the undo makes again is not as the pod was.
        ...objects.filter((object) => object.kind === 'Pod' && hasEmptyDir(object)).map(volumeData),
        ...(orphaning ? [] : objects.filter((object) => losesClaims(object, 'whenDeleted')).map(volumeData)),
      ],
      notes: [
        ...objects
          .filter(isDebugged)
          .map((pod) => `the debug containers of ${describeRef(freeze(pod))} do not come back`),
        ...(dependents.unseen.length === 0
          ? []
          : [`objects of kinds that may not be listed may go as well: ${dependents.unseen.join(', ')}`]),
        ...emptyDirNotes(dependents.found),
      ],
      permissions: dependents.missing,
      makes: objects.flatMap((object) => [
        {object: recreatable(object), by: 'undo', replaces: true} as const,
        ...podsToMake(object, {replaces: true}),
      ]),
    };
  },
  run: async (ctx, given, {targets}) => {
    const {signal} = ctx;
    for (const target of targets) {
      const live = await find(ctx.cluster, target, {signal});
      if (live === undefined || live.metadata.uid !== target.uid || live.metadata.deletionTimestamp !== undefined) {
        throw changed(kind, `${describeRef(target)} is gone, on its way out or was replaced`, target);
      }
      // It may have ended, or somebody may have begun to use it.
      await checkFit(ctx, live);
      const undo = await undoRecord(ctx, given, live);
      await ctx.mutate({undo, target}, ({cluster}) =>
        cluster.delete(target, {
          signal,
          uid: target.uid ?? '',
          propagationPolicy: given.propagationPolicy,
          ...(given.gracePeriod === undefined ? {} : {gracePeriodSeconds: Math.ceil(given.gracePeriod / 1000)}),
        }),
      );
    }
    return {names: targets.map(({name}) => name), uids: targets.map(({uid = ''}) => uid)};
  },
  shows: (given) => (endsPods(given) ? 'consequence' : 'own-write'),
  effect: async (ctx, given, {targets, cascade = []}) => {
    const {cluster, signal} = ctx;
    const pods = endsPods(given) ? cascade.filter((object) => object.kind === 'Pod') : [];
    const live = await Promise.all(targets.map((target) => find(cluster, target, {signal})));
    const gone = live.filter((object, index) => object?.metadata.uid !== targets[index]?.uid).length;
    const left = pods.length === 0 ? [] : await podsIn(ctx, given);
    const ended = pods.filter(({uid}) => !left.some(({metadata}) => metadata.uid === uid)).length;
    const held = live.map((object, index) =>
      object === undefined || object.metadata.uid !== targets[index]?.uid || finalizersOf(object).length === 0
        ? ''
        : `; ${describeRef(freeze(object))}: ${keptBy(object, [])}`,
    );
    const detail = `${gone} of ${targets.length} objects are gone${held.join('')}`;
    return {
      seen: gone === targets.length && ended === pods.length,
      detail: pods.length === 0 ? detail : `${detail}, and ${ended} of ${pods.length} pods with them`,
      // A workload without pods had nothing running that could end.
      ...(endsPods(given) && pods.length === 0 && given.kind !== 'Pod' ? {ownWrite: true} : {}),
    };
  },
});

const podsIn = ({cluster, signal, defaultNamespace}: ActionContext, {namespace = defaultNamespace}: Input) =>
  cluster.list({apiVersion: 'v1', kind: 'Pod', namespace}, {signal});

/**
 * Whether pods end by it, which the kubelet confirms. That anything else is gone says no more than that the API server
 * took the deletion: who uses it may have read it long ago.
 */
const endsPods = ({apiVersion, kind: wanted, propagationPolicy}: Input): boolean =>
  (apiVersion === 'v1' && wanted === 'Pod') ||
  (propagationPolicy !== 'Orphan' && makesPods({apiVersion, kind: wanted}));

/** What makes an object again, with what goes along and no controller makes. */
async function undoRecord(ctx: ActionContext, given: Input, live: KubeObject): Promise<UndoRecord> {
  const {uid = ''} = live.metadata;
  const saved = await save(ctx.vault, live.kind, copyOf(live));
  const isOrphaning = given.propagationPolicy === 'Orphan';
  const along = (await companionsOf(ctx, live)).filter((one) => !isOrphaning || !isEarlier(one));
  const companions = along.length === 0 ? undefined : await save(ctx.vault, `${live.kind}-companions`, along);
  return {
    kind: 'object/recreate',
    data: {uid, saved, ...(isOrphaning ? {orphans: true} : {}), ...(companions === undefined ? {} : {companions})},
    payloads: [saved, ...(companions === undefined ? [] : [companions])],
    owners: fieldOwners(live),
  };
}

const kindOf = ({apiVersion, kind: wanted}: Input) => ({apiVersion, kind: wanted});

async function choose(ctx: ActionContext, given: Input): Promise<KubeObject[]> {
  const {apiVersion, kind: wanted, name, selector} = given;
  const {signal} = ctx;
  const {namespaced} = await ctx.cluster.resource(apiVersion, wanted, {signal});
  const place = namespaced ? {namespace: given.namespace ?? ctx.defaultNamespace} : {};
  const where = namespaced ? ` in namespace ${place.namespace}` : '';
  if (name !== undefined) {
    const ref = {apiVersion, kind: wanted, name, ...place};
    const object = await find(ctx.cluster, ref, {signal});
    if (object === undefined) throw notFound(kind, `there is no ${describeRef(ref)}`, ref);
    return [object];
  }
  const query = {apiVersion, kind: wanted, ...place};
  const labelSelector = selector ?? '';
  const objects = await ctx.cluster.list({...query, labelSelector}, {signal});
  const alive = objects.filter(({metadata}) => metadata.deletionTimestamp === undefined);
  if (alive.length > 0) return alive;
  const all = await ctx.cluster.list(query, {signal});
  const what = `no ${wanted}${where} matches ${labelSelector} (0 of ${all.length})`;
  throw notFound(kind, what, {...query, labelSelector});
}

/** What an undo of one object cannot bring back must not go by this action. */
async function checkFit(ctx: ActionContext, object: KubeObject): Promise<void> {
  const what = describeRef(freeze(object));
  if (object.kind === 'Namespace' || object.kind === 'CustomResourceDefinition') {
    const inside = object.kind === 'Namespace' ? 'everything in it' : 'every object of its kind';
    throw refused(
      kind,
      `${what} would take ${inside} along, and the copy of one object cannot bring that back`,
      'Delete the objects one by one, or choose another fault',
    );
  }
  if (object.kind === 'Pod' && isMirror(object)) throw refused(kind, `${what} ${mirrored}`, mirrorHint);
  if (object.kind === 'Pod' && controllerOf(object) !== undefined) {
    throw refused(
      kind,
      `${what} belongs to a controller: whether it is replaced is not this action's to say`,
      'Use pod/delete for it',
    );
  }
  const again = runsAgain(object);
  if (again !== undefined) throw refused(kind, again, 'Choose one that has not ended, or another fault');
  const holders = await holdersOf(ctx, object);
  if (holders.length > 0) {
    throw held(
      kind,
      `${what} would neither go nor come back: ${describeHolders(holders)}`,
      'Take away what uses it first, in an earlier step, or choose another fault',
    );
  }
}

const isDebugged = (object: KubeObject): boolean => {
  const debug = object.kind === 'Pod' ? valueAt(object, ['spec', 'ephemeralContainers']) : undefined;
  return Array.isArray(debug) && debug.length > 0;
};
