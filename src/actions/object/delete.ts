import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {durationField, namespaceField, objectName, selectorField} from '../../io/fields.ts';
import {changed, notFound, refused} from '../common/absent.ts';
import {controllerOf, find, freeze} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {save} from '../common/sealed.ts';
import {type ActionContext, defineAction} from '../define.ts';
import {losesClaims, volumeData} from '../deployment/claims.ts';
import {valueAt} from '../fields/compare.ts';
import {fieldOwners} from '../fields/owners.ts';
import {dependentsOf, ownedKinds} from './dependents.ts';
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
    const namespace = given.namespace ?? defaultNamespace;
    const owned = given.propagationPolicy === 'Orphan' ? [] : ownedKinds(given);
    return [
      ...permit(['get', 'list', 'create', 'patch', 'delete'], {...kindOf(given), namespace}),
      ...owned.flatMap((kind) => permit(['list'], {...kind, namespace})),
    ];
  },
  plan: async (ctx, given) => {
    const objects = await choose(ctx, given);
    for (const object of objects) checkFit(object);
    const isOrphaning = given.propagationPolicy === 'Orphan';
    const owned = isOrphaning ? undefined : await dependentsOf(ctx.cluster, objects, ctx.signal);
    const {found = [], lost = []} = owned ?? {};
    return {
      targets: objects.map(freeze),
      cascade: found.map(freeze),
      undoKinds: ['object/recreate'],
      losses: [
        ...[...objects, ...found].flatMap(lossesOf),
        ...lost.map((object) => ({loss: 'objects', of: object.kind})),
        ...(isOrphaning ? [] : objects.filter((object) => losesClaims(object, 'whenDeleted')).map(volumeData)),
      ],
      notes: found.length === 0 ? [] : ['owned objects of other kinds than those listed may go as well'],
    };
  },
  run: async (ctx, given, {targets}) => {
    const {signal} = ctx;
    for (const target of targets) {
      const live = await find(ctx.cluster, target, {signal});
      if (live === undefined || live.metadata.uid !== target.uid || live.metadata.deletionTimestamp !== undefined) {
        throw changed(kind, `${describeRef(target)} is gone, on its way out or was replaced`, target);
      }
      const {uid = ''} = target;
      const saved = await save(ctx.vault, target.kind, live);
      const orphans = given.propagationPolicy === 'Orphan' ? {orphans: true} : {};
      const undo = {
        kind: 'object/recreate',
        data: {uid, saved, ...orphans},
        payloads: [saved],
        owners: fieldOwners(live),
      };
      await ctx.mutate({undo, target}, ({cluster}) =>
        cluster.delete(target, {
          signal,
          uid,
          propagationPolicy: given.propagationPolicy,
          ...(given.gracePeriod === undefined ? {} : {gracePeriodSeconds: Math.ceil(given.gracePeriod / 1000)}),
        }),
      );
    }
    return {names: targets.map(({name}) => name), uids: targets.map(({uid = ''}) => uid)};
  },
  effect: async ({cluster, signal}, _given, {targets}) => {
    const live = await Promise.all(targets.map((target) => find(cluster, target, {signal})));
    const gone = live.filter((object, index) => object?.metadata.uid !== targets[index]?.uid).length;
    return {seen: gone === targets.length, detail: `${gone} of ${targets.length} objects are gone`};
  },
});

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
function checkFit(object: KubeObject): void {
  const what = describeRef(freeze(object));
  if (object.kind === 'Namespace' || object.kind === 'CustomResourceDefinition') {
    const inside = object.kind === 'Namespace' ? 'everything in it' : 'every object of its kind';
    throw refused(
      kind,
      `${what} would take ${inside} along, and the copy of one object cannot bring that back`,
      'Delete the objects one by one, or choose another fault',
    );
  }
  if (object.kind === 'Pod' && controllerOf(object) !== undefined) {
    throw refused(kind, `${what} belongs to a controller, which will replace it`, 'Use pod/delete for it');
  }
}

/** What is lost although the object itself comes back. */
function lossesOf(object: KubeObject): {loss: string; of: string}[] {
  if (['PersistentVolumeClaim', 'PersistentVolume'].includes(object.kind)) return [volumeData(object)];
  const isBalanced = object.kind === 'Service' && valueAt(object, ['spec', 'type']) === 'LoadBalancer';
  return isBalanced ? [{loss: 'addresses', of: 'Service'}] : [];
}
