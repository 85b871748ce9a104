import * as z from 'zod';
import {isClusterError} from '../../cluster/errors.ts';
import {describeRef} from '../../cluster/names.ts';
import type {ApiResource, KubeObject} from '../../cluster/types.ts';
import {RefusedError, StepError} from '../../io/errors.ts';
import {namespaceField} from '../../io/fields.ts';
import type {Json} from '../../io/json.ts';
import {json} from '../../io/json-schema.ts';
import {changed, noNamespace, refused} from '../common/absent.ts';
import {podsToMake} from '../common/makings.ts';
import {inOrder, parseManifests, takeApart} from '../common/manifests.ts';
import {find, freeze, isNamespaceMissing, onLatest, refOf, roleLabel, runLabel} from '../common/objects.ts';
import {permit, permitExactly} from '../common/permissions.ts';
import {recordOf} from '../common/sealed.ts';
import {type ActionContext, type ActionPlan, defineAction} from '../define.ts';
import {noteClaims} from '../deployment/claims.ts';
import {conflictsOf} from '../fields/conflicts.ts';
import {foresee} from '../fields/foresee.ts';
import {fieldOwners} from '../fields/owners.ts';
import {pathText} from '../fields/path.ts';
import {touchedBy, unheld} from '../fields/touched.ts';
import {foreignFinalizers} from './holders.ts';
import {objectPutBack} from './put-back.ts';
import {objectRemove} from './remove.ts';
import {definedBy, resourceOf, served} from './served.ts';
import {noteWorkload, replicasNotes, workloadPermissions} from './workload.ts';

const manifest = () => z.record(z.string(), json());
const input = () =>
  z
    .strictObject({
      files: z.array(z.string().min(1)).min(1).optional().describe('Manifest files, relative to the scenario file'),
      inline: z
        .union([manifest(), z.array(manifest())])
        .optional()
        .describe('One manifest, or a list of them'),
      namespace: namespaceField().optional(),
      force: z
        .boolean()
        .default(false)
        .describe('Take fields over from other field managers, as kubectl --force-conflicts'),
    })
    .refine(({files, inline}) => (files === undefined) !== (inline === undefined), {message: 'give files or inline'});
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    created: z.array(z.string()).describe('Objects that were made, as Kind namespace/name'),
    changed: z.array(z.string()).describe('Objects that were there and are changed'),
    unchanged: z.array(z.string()).describe('Objects that were there as written'),
  });

const kind = 'object/apply';

/** Creates or changes objects by their manifests. */
export const objectApply = defineAction<Input, z.infer<ReturnType<typeof output>>>({
  kind,
  summary: 'Creates objects, or changes them by server-side apply, from manifest files or from the scenario itself.',
  input,
  output,
  reversal: 'undoable',
  examples: [
    {files: ['apps/shop.yaml']},
    {inline: {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'marker', namespace: 'shop'}}},
  ],
  // What is in files shows only when planning; see `plan`.
  undos: [objectRemove, objectPutBack],
  permissions: ({inline, namespace}, {defaultNamespace}) =>
    (inline === undefined ? [] : takeApart('inline', inline as Json)).flatMap((object) => {
      const ref = {...refOf(object), namespace: object.metadata.namespace ?? namespace ?? defaultNamespace};
      return [...permit(verbs, ref), ...workloadPermissions(ref)].map(({name: _name, ...permission}) => permission);
    }),
  foresees: ({inline}) => (inline === undefined ? undefined : takeApart('inline', inline as Json).length),
  plan: async (ctx, given) => {
    const objects = await load(ctx, given);
    const plan: Required<Pick<ActionPlan, 'targets' | 'undoKinds' | 'notes' | 'permissions' | 'brings' | 'makes'>> = {
      targets: [],
      undoKinds: ['object/remove', 'object/put-back'],
      brings: objects.flatMap(definedBy),
      makes: [],
      notes: [],
      permissions: [],
    };
    for (const object of objects) {
      const resource = await resourceOf(ctx, object, objects);
      const placed = place(object, resource, ctx, given);
      await checkNamespace(ctx, placed, objects);
      const live = await find(ctx.cluster, refOf(placed), {signal: ctx.signal});
      const fields = live === undefined ? [] : touchedBy(placed, live);
      const conflicts = live === undefined || given.force ? [] : conflictsOf(placed, live);
      // A recovery may apply what is gone by then.
      if (conflicts.length > 0 && ctx.role !== 'recovery') throw notOurs(placed, conflicts);
      plan.targets.push(live === undefined ? refOf(placed) : freeze(live));
      plan.permissions.push(...permitExactly(verbs, resource, placed.metadata.namespace));
      plan.permissions.push(...workloadPermissions(refOf(placed)));
      plan.notes.push(
        `${describeRef(refOf(placed))}: ${
          live === undefined
            ? 'is created'
            : fields.length === 0
              ? 'is there as written'
              : `changes ${fields.map(({path}) => pathText(path)).join(', ')}`
        }`,
      );
      // A fault may well be a workload whose pods are refused.
      if (live === undefined) {
        plan.makes.push({object: placed, by: 'step'}, ...(ctx.role === 'fault' ? [] : podsToMake(placed)));
      }
      if (live !== undefined) plan.notes.push(...(await replicasNotes(ctx, live, fields)));
      const foreign = live === undefined ? foreignFinalizers(placed) : [];
      if (foreign.length > 0)
        plan.notes.push(`its undo needs ${foreign.join(', ')} to be taken away by who looks after it`);
    }
    return plan;
  },
  run: async (ctx, given) => {
    const objects = await load(ctx, given);
    const done: z.infer<ReturnType<typeof output>> = {created: [], changed: [], unchanged: []};
    for (const object of objects) {
      const resource = await served(ctx, object);
      const placed = place(object, resource, ctx, given);
      done[await applyOne(ctx, placed, given.force)].push(describeRef(refOf(placed)));
    }
    // Whoever comes next finds the kinds that this has brought.
    for (const {group, version, kind} of objects.flatMap(definedBy))
      await served(ctx, {apiVersion: `${group}/${version}`, kind});
    return done;
  },
  shows: 'own-write',
  effect: async (ctx, given) => {
    const objects = await load(ctx, given);
    const states = await Promise.all(
      objects.map(async (object) => {
        const placed = place(object, await served(ctx, object), ctx, given);
        const live = await find(ctx.cluster, refOf(placed), {signal: ctx.signal});
        return live !== undefined && unheld(placed, live).length === 0;
      }),
    );
    const there = states.filter(Boolean).length;
    return {seen: there === objects.length, detail: `${there} of ${objects.length} objects are as written`};
  },
});

const verbs = ['get', 'create', 'patch', 'delete'];

/** One object, one intent: made when it was not there, else changed by server-side apply. */
async function applyOne(
  ctx: ActionContext,
  object: KubeObject,
  force: boolean,
): Promise<'created' | 'changed' | 'unchanged'> {
  const {signal, run} = ctx;
  const target = refOf(object);
  const live = await find(ctx.cluster, target, {signal});
  if (live?.metadata.deletionTimestamp !== undefined) {
    throw changed(kind, `${describeRef(target)} is on its way out`, target);
  }
  if (live === undefined) {
    const role = ctx.isFixture(target) ? 'fixture' : ctx.role;
    const labels = {...object.metadata.labels, [runLabel]: run.label, [roleLabel]: role};
    const made = {...object, metadata: {...object.metadata, labels}};
    // A plain create: an object that somebody makes at this moment is not taken for ours.
    const claims = await noteClaims(ctx, object, 0);
    const data = claims === undefined ? {} : {claims};
    const content = {data, key: 'written', content: made, of: object.kind};
    const undo = await recordOf(ctx.vault, {kind: 'object/remove', ...content});
    await ctx.mutate({undo, target}, ({cluster}) => cluster.create(made, {signal}));
    return 'created';
  }
  return await onLatest(ctx, () => change(ctx, {object, force}));
}

/** Changes an object that is there, in the version that its undo is made for. */
async function change(
  ctx: ActionContext,
  {object, force}: {object: KubeObject; force: boolean},
): Promise<'changed' | 'unchanged'> {
  const {signal, run} = ctx;
  const target = refOf(object);
  const live = await find(ctx.cluster, target, {signal});
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) {
    throw changed(kind, `${describeRef(target)} is gone, or on its way out`, target);
  }
  const {uid = '', resourceVersion = ''} = live.metadata;
  const sent = {...object, metadata: {...object.metadata, uid, resourceVersion}};
  const how = {signal, fieldManager: run.fieldManager, force};
  const tryOut = () => ctx.trial.apply(sent, how).catch((error) => Promise.reject(asOwned(error)));
  const fields = await foresee(live, {tryOut, byHand: () => touchedBy(object, live)});
  if (fields.length === 0) return 'unchanged';
  const data = {uid, ...(await noteWorkload(ctx, live, fields))};
  const content = {data, key: 'fields', content: fields as unknown as Json, of: object.kind};
  const undo = await recordOf(ctx.vault, {kind: 'object/put-back', ...content});
  await ctx.mutate({undo: {...undo, owners: fieldOwners(live)}, target: {...target, uid}}, ({cluster}) =>
    cluster.apply(sent, how).catch((error) => Promise.reject(asOwned(error))),
  );
  return 'changed';
}

/** The refusal of an apply because fields belong to others: no change in between, which another attempt would get over. */
function asOwned(error: unknown): unknown {
  const said = isClusterError(error, 'conflict') ? (error.apiMessage ?? '') : '';
  if (!said.startsWith('Apply failed with')) return error;
  return new StepError(`${kind}: ${said.replace(/\s*\n\s*/g, ' ')}`, {code: 'E_OWNED', hint: takeOver, cause: error});
}

const notOurs = (object: KubeObject, conflicts: readonly string[]): RefusedError =>
  refused(kind, `fields of ${describeRef(refOf(object))} belong to others: ${conflicts.join(', ')}`, takeOver);

const takeOver = 'Take the fields over with `force: true`; the undo gives them back to their owners';

/** The manifests in the order in which they can be made. */
async function load(ctx: ActionContext, {files, inline}: Input): Promise<KubeObject[]> {
  if (inline !== undefined) return inOrder(takeApart('inline', inline as Json));
  const objects: KubeObject[] = [];
  for (const file of files ?? []) objects.push(...parseManifests(file, await ctx.readFile(file)));
  if (objects.length > 0) return inOrder(objects);
  throw new RefusedError(`${kind}: there is no manifest in ${files?.join(', ')}`, {
    code: 'E_MANIFEST',
    hint: 'A manifest has apiVersion, kind and metadata.name',
  });
}

/** Gives a namespaced object its namespace and takes a wrong one from a cluster-scoped one. */
function place(object: KubeObject, {namespaced}: ApiResource, ctx: ActionContext, given: Input): KubeObject {
  const {namespace, ...metadata} = object.metadata;
  if (!namespaced) return {...object, metadata: metadata as KubeObject['metadata']};
  return {...object, metadata: {...object.metadata, namespace: namespace ?? given.namespace ?? ctx.defaultNamespace}};
}

/** An object can only be made in a namespace that is there, or that these manifests make first. */
async function checkNamespace(ctx: ActionContext, {metadata}: KubeObject, all: readonly KubeObject[]): Promise<void> {
  const {namespace} = metadata;
  if (namespace === undefined) return;
  if (all.some((other) => other.kind === 'Namespace' && other.metadata.name === namespace)) return;
  if (await isNamespaceMissing(ctx.cluster, namespace, {signal: ctx.signal})) throw noNamespace(kind, namespace);
}
