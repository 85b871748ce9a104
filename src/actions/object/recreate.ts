import * as z from 'zod';
import {describeRef, kubectl} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {DrillError, ExitCode} from '../../io/errors.ts';
import {isJsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import {find, waitGone} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {contentOf, payload} from '../common/sealed.ts';
import {defineUndo, type UndoContext} from '../define.ts';
import {describeFields, touchedBy} from '../fields/touched.ts';
import {withLiveOwners} from './owners.ts';
import {recreatable} from './recreatable.ts';

const schema = () =>
  z.strictObject({
    /** UID of the object that is deleted. */
    uid: z.string(),
    /** Where the vault keeps it, as it was. */
    saved: payload(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/** Creates an object again from the copy in the vault. */
export const objectRecreate = defineUndo<Data>({
  kind: 'object/recreate',
  summary: 'Creates a deleted object again from the copy that was saved before; its UID is a new one.',
  schema,
  permissions: (_data, target) => permit(['get', 'create'], target),
  run: async (ctx, data, target) => {
    const {cluster, write, signal} = ctx;
    const wanted = recreatable(await load(ctx, data, target));
    const live = await find(cluster, target, {signal});
    if (live !== undefined && live.metadata.deletionTimestamp === undefined) {
      const detail = difference(live, wanted);
      return detail === undefined
        ? {state: 'already', detail: 'it is there, as it was'}
        : {
            state: 'conflict',
            detail: `somebody else made it again: ${detail}`,
            command: kubectl('get', target, '-o yaml'),
          };
    }
    // On its way out: finalizers may hold it for a while.
    if (live !== undefined) await waitGone(ctx, target, live.metadata.uid);
    await write.cluster.create(await withLiveOwners(ctx, wanted), {signal});
    return {state: 'undone'};
  },
  verify: async (ctx, data, target) => {
    const live = await find(ctx.cluster, target, {signal: ctx.signal});
    if (live === undefined) return {ok: false, detail: `${describeRef(target)} is not there`};
    if (live.metadata.deletionTimestamp !== undefined) {
      return {ok: false, detail: `${describeRef(target)} is on its way out`};
    }
    const detail = difference(live, recreatable(await load(ctx, data, target)));
    return detail === undefined
      ? {ok: true, detail: `${describeRef(target)} is there, as it was`}
      : {ok: false, detail};
  },
  command: ({saved}) => `kubectl create -f vault/${saved.file}`,
});

async function load({vault}: UndoContext, {saved}: Data, target: Target): Promise<KubeObject> {
  const value = await contentOf<unknown>(vault, undefined, saved);
  if (isJsonObject(value) && isJsonObject(value.metadata)) return value as KubeObject;
  throw new DrillError(`the vault's file ${saved.file} holds no ${describeRef(target)}`, ExitCode.dirty, {
    code: 'E_VAULT',
  });
}

/** Where a live object differs from the saved one, in what was saved; annotations are often a controller's notes. */
function difference(live: KubeObject, wanted: KubeObject): string | undefined {
  const fields = touchedBy(wanted, live).filter(({path}) => path[0] !== 'metadata' || path[1] === 'labels');
  return fields.length === 0 ? undefined : describeFields(fields, live);
}
