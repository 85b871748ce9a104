import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {KubeObject, ObjectRef} from '../../cluster/types.ts';
import {namespaceField, objectName} from '../../io/fields.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {json} from '../../io/json-schema.ts';
import {applyMergePatch} from '../../io/merge-patch.ts';
import {changed, notFound, refused} from '../common/absent.ts';
import {withEncodedData} from '../common/manifests.ts';
import {find, freeze, onLatest} from '../common/objects.ts';
import {patchPermissions} from '../common/permissions.ts';
import {recordOf} from '../common/sealed.ts';
import {type ActionContext, type ActionPlan, defineAction} from '../define.ts';
import {isOurs, isSame, valueAt} from '../fields/compare.ts';
import {foresee} from '../fields/foresee.ts';
import {foreseeJsonPatch} from '../fields/json-patch.ts';
import {fieldOwners} from '../fields/owners.ts';
import {pathText} from '../fields/path.ts';
import {differences, type TouchedField, touchedBy} from '../fields/touched.ts';
import {objectPutBack} from './put-back.ts';
import {noteWorkload, replicasNotes, workloadPermissions} from './workload.ts';

const input = () =>
  z
    .strictObject({
      apiVersion: z.string().min(1).describe('API version as in a manifest: v1, apps/v1'),
      kind: z.string().min(1).describe('Kind as in a manifest'),
      namespace: namespaceField().optional(),
      name: objectName(),
      type: z.enum(['merge', 'json', 'strategic']).default('merge').describe('Kind of patch, as kubectl patch --type'),
      patch: z
        .union([z.record(z.string(), json()), z.array(z.record(z.string(), json())).min(1)])
        .describe('An object for merge and strategic, a list of operations for json'),
      subresource: z.enum(['status', 'scale']).optional().describe('Subresource to patch'),
    })
    .refine(({type, patch}) => Array.isArray(patch) === (type === 'json'), {
      message: 'a json patch is a list of operations, the other types are one object',
      path: ['patch'],
    });
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    uid: z.string().describe('UID of the patched object'),
    fields: z.array(z.string()).describe('Paths of the changed fields'),
  });

const kind = 'object/patch';

/** Changes fields of one object. */
export const objectPatch = defineAction<Input, z.infer<ReturnType<typeof output>>>({
  kind,
  summary: 'Changes fields of one object by a merge, JSON or strategic merge patch.',
  input,
  output,
  reversal: 'undoable',
  examples: [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'kube-system',
      name: 'coredns',
      patch: {data: {Corefile: '.:53 {\n    errors\n}\n'}},
    },
  ],
  undos: [objectPutBack],
  permissions: (given, {defaultNamespace}) => {
    const ref = {apiVersion: given.apiVersion, kind: given.kind, namespace: given.namespace ?? defaultNamespace};
    return [...patchPermissions(ref, given.subresource), ...workloadPermissions(ref)];
  },
  plan: async (ctx, given) => {
    const live = await target(ctx, given);
    const fields = some(foreseen(given, live), live);
    const paths = fields.map(({path}) => pathText(path));
    return {
      targets: [freeze(live)],
      undoKinds: ['object/put-back'],
      notes: [`changes ${paths.join(', ')}`, ...(await replicasNotes(ctx, live, fields))],
      details: {fields: fields as unknown as Json},
    };
  },
  run: async (ctx, given, plan) => {
    const live = await target(ctx, given);
    const note = await noteWorkload(ctx, live, some(foreseen(given, live), live));
    return await onLatest(ctx, () => patchOnce(ctx, given, {plan, note}));
  },
  shows: 'own-write',
  effect: async (ctx, given, plan) => {
    const live = await find(ctx.cluster, await refOf(ctx, given), {signal: ctx.signal});
    if (live === undefined) return {seen: false, detail: 'the object is gone'};
    const fields = plan.details?.fields as unknown as TouchedField[];
    const written = fields.filter((field) => isWritten(live, field));
    return {
      seen: written.length === fields.length,
      detail: `${written.length} of ${fields.length} fields are as patched`,
    };
  },
});

async function patchOnce(
  ctx: ActionContext,
  given: Input,
  {plan, note}: {plan: ActionPlan; note: JsonObject},
): Promise<z.infer<ReturnType<typeof output>>> {
  const {signal} = ctx;
  const live = await target(ctx, given);
  const frozen = freeze(live);
  if (frozen.uid !== plan.targets[0]?.uid) throw changed(kind, `${describeRef(frozen)} was replaced`, frozen);
  const on = given.subresource === undefined ? {} : {subresource: given.subresource};
  const sent = guarded(given, live);
  const fields = some(await changedBy(ctx, given, {live, sent}), live);
  const data = {uid: frozen.uid, ...on, ...note};
  const content = {data, key: 'fields', content: fields as unknown as Json, of: given.kind};
  const undo = await recordOf(ctx.vault, {kind: 'object/put-back', ...content});
  await ctx.mutate({undo: {...undo, owners: fieldOwners(live)}, target: frozen}, ({cluster}) =>
    cluster.patch(frozen, sent, {signal, type: given.type, ...on}),
  );
  return {uid: frozen.uid, fields: fields.map(({path}) => pathText(path))};
}

async function refOf(ctx: ActionContext, given: Input): Promise<ObjectRef> {
  const {apiVersion, kind: wanted, name} = given;
  const {namespaced} = await ctx.cluster.resource(apiVersion, wanted, {signal: ctx.signal});
  return {apiVersion, kind: wanted, name, ...(namespaced ? {namespace: given.namespace ?? ctx.defaultNamespace} : {})};
}

async function target(ctx: ActionContext, given: Input): Promise<KubeObject> {
  const ref = await refOf(ctx, given);
  const live = await find(ctx.cluster, ref, {signal: ctx.signal});
  if (live === undefined) throw notFound(kind, `there is no ${describeRef(ref)}`, ref);
  return live;
}

/** What the patch changes, as the API server says; a Scale, which stands for a part of another object, has one field. */
async function changedBy(
  {trial, signal}: ActionContext,
  given: Input,
  {live, sent}: {live: KubeObject; sent: Json},
): Promise<TouchedField[]> {
  const {type, subresource} = given;
  const byHand = () => foreseen(given, live);
  if (subresource === 'scale') return byHand();
  const on = subresource === undefined ? {} : {subresource};
  return await foresee(live, {tryOut: () => trial.patch(freeze(live), sent, {signal, type, ...on}), byHand});
}

/** A patch that changes nothing is no fault. */
function some(fields: TouchedField[], live: KubeObject): TouchedField[] {
  if (fields.length > 0) return fields;
  const what = describeRef(freeze(live));
  throw refused(kind, `the patch changes nothing on ${what}`, 'Compare it with the object: kubectl get -o yaml');
}

/** Where a field was taken away, the API server may have put its default there. */
function isWritten(live: KubeObject, field: TouchedField): boolean {
  const value = valueAt(live, field.path);
  return (
    isOurs(value, {...field, loose: true}) || (field.after === undefined && !isSame(value, field.before, field.path))
  );
}

/** What the patch changes, as it looks from here. */
function foreseen({type, patch}: Input, live: KubeObject): TouchedField[] {
  if (type === 'json') return differences(live, withEncodedData(foreseeJsonPatch(live, patch as Json[])));
  if (type === 'merge') return differences(live, withEncodedData(applyMergePatch(live, patch as Json) as JsonObject));
  const directive = findDirective(patch as Json);
  if (directive === undefined) return touchedBy(withEncodedData(patch as JsonObject, live.kind), live);
  throw refused(
    kind,
    `a strategic merge patch with ${directive} cannot be foreseen, so it could not be undone`,
    'Write it as a merge or json patch',
  );
}

/** The first directive (`$patch`, `$retainKeys`…) of a strategic merge patch. */
function findDirective(value: Json | undefined): string | undefined {
  if (Array.isArray(value)) return value.map(findDirective).find((found) => found !== undefined);
  if (!isJsonObject(value)) return undefined;
  const own = Object.keys(value).find((key) => key.startsWith('$'));
  return (
    own ??
    Object.values(value)
      .map(findDirective)
      .find((found) => found !== undefined)
  );
}

/** The patch with the version of the object that its undo was made for: a change in between is a conflict. */
function guarded({type, patch}: Input, live: KubeObject): Json {
  const {uid, resourceVersion} = live.metadata;
  if (type === 'json') {
    // Not a `test`, whose failure is answered with a 422 that looks like any other wrong patch: with the version in what
    // is written the API server answers 409, as for the other types.
    const own = {uid, resourceVersion};
    const guards = Object.entries(own).map(([key, value]) => ({
      op: 'add',
      path: `/metadata/${key}`,
      value: value ?? '',
    }));
    return [...guards, ...(patch as Json[])];
  }
  const own = (patch as JsonObject).metadata;
  return {...(patch as JsonObject), metadata: {...(isJsonObject(own) ? own : {}), uid, resourceVersion}};
}
