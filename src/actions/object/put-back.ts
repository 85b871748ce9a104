import * as z from 'zod';
import {describeRef, kubectl, shellWord} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Target} from '../../io/target.ts';
import {find, onLatest} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {contentOf, payload} from '../common/sealed.ts';
import {defineUndo, type UndoContext, type UndoOutcome, type Vault} from '../define.ts';
import {putBack, stateOf, type TouchedField, touchedField} from '../fields/touched.ts';

const schema = () =>
  z.strictObject({
    uid: z.string(),
    subresource: z.string().optional(),
    fields: z.array(touchedField()).optional(),
    /** The fields, where they must not stand in the journal. */
    saved: payload().optional(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/** Writes the original values of the touched fields back, where they still hold what the drill wrote. */
export const objectPutBack = defineUndo<Data>({
  kind: 'object/put-back',
  summary:
    'Gives the fields that the drill changed their original values, unless somebody else has changed them since.',
  schema,
  permissions: ({subresource}, target) => [...permit(['get'], target), ...permit(['patch'], target, subresource)],
  run: (ctx, data, target) => onLatest(ctx, () => writeBack(ctx, data, target)),
  verify: async ({cluster, vault, signal}, data, target) => {
    const live = await find(cluster, target, {signal});
    const wrong = mismatch(live, data, target);
    if (live === undefined || wrong !== undefined) return {ok: false, detail: wrong ?? ''};
    const state = stateOf(live, await fieldsOf(vault, data));
    if (state.state === 'original') return {ok: true, detail: 'the fields hold their original values'};
    return {ok: false, detail: state.state === 'foreign' ? state.detail : 'the fields still hold what the drill wrote'};
  },
  command,
});

async function writeBack(
  {cluster, write, vault, signal}: UndoContext,
  data: Data,
  target: Target,
): Promise<UndoOutcome> {
  const live = await find(cluster, target, {signal});
  const wrong = mismatch(live, data, target);
  if (live === undefined || wrong !== undefined)
    return {state: 'conflict', detail: wrong ?? '', command: command(data, target)};
  const state = stateOf(live, await fieldsOf(vault, data));
  if (state.state === 'original') return {state: 'already', detail: 'the fields hold their original values'};
  if (state.state === 'foreign') return {state: 'conflict', detail: state.detail, command: command(data, target)};
  const {subresource} = data;
  const {uid, resourceVersion} = live.metadata;
  // The version of the look: nobody's change in between is overwritten.
  const metadata = {uid, resourceVersion};
  const patch = putBack(state.fields, live);
  const own = patch.metadata;
  const merged = {...patch, metadata: typeof own === 'object' ? {...own, ...metadata} : metadata};
  await write.cluster.patch(target, merged, {
    signal,
    type: 'merge',
    ...(subresource === undefined ? {} : {subresource}),
  });
  return {state: 'undone', detail: state.fields.map(({path}) => path.join('.')).join(', ')};
}

/** Why there is nothing to write back to: no object, or another one of the same name. */
function mismatch(live: KubeObject | undefined, {uid}: Data, target: Target): string | undefined {
  if (live === undefined) return `${describeRef(target)} is gone`;
  return live.metadata.uid === uid ? undefined : `${describeRef(target)} is another object by now (its UID differs)`;
}

async function fieldsOf(vault: Vault, {fields, saved}: Data): Promise<TouchedField[]> {
  return (await contentOf(vault, fields as TouchedField[] | undefined, saved)) ?? [];
}

function command({fields, saved, subresource}: Data, target: Target): string {
  if (fields === undefined) return `${kubectl('edit', target)}  # the original values are in vault/${saved?.file}`;
  const sub = subresource === undefined ? '' : ` --subresource=${subresource}`;
  return kubectl(
    'patch',
    target,
    `--type=merge${sub} -p ${shellWord(JSON.stringify(putBack(fields as TouchedField[], {})))}`,
  );
}
