import * as z from 'zod';
import {runLabel} from '../actions/common/objects.ts';
import {isClusterError, mayHaveApplied} from '../cluster/errors.ts';
import type {KubeObject} from '../cluster/types.ts';
import {messageOf} from '../io/errors.ts';
import {namespaceField} from '../io/fields.ts';
import {isJsonObject, type JsonObject} from '../io/json.ts';
import {type CallBounds, type CanaryContext, defineCanary, type WriteOutcome, type WritingCanary} from './define.ts';
import {canaryLabel, canaryQuery, canaryRemove} from './kubernetes-remove.ts';
import {openResident, residentNamespace} from './resident/read.ts';

const input = () =>
  z
    .strictObject({
      namespace: namespaceField()
        .optional()
        .describe('Namespace of the ConfigMaps; the default one when none is given, for a resident its own'),
      perObject: z
        .number()
        .int()
        .min(1)
        .max(1000)
        .default(10)
        .describe('Writes to each ConfigMap: the first creates it, the others add a key; so lost objects show as well'),
      resident: z
        .boolean()
        .default(false)
        .describe('Writes nothing and reads what `kubedrill canary install` has been writing all along'),
    })
    .refine(({resident, perObject}) => !resident || perObject === 10, {
      message: 'a resident canary writes by its own rule',
      path: ['perObject'],
    });
type Input = z.infer<ReturnType<typeof input>>;

const place = ({namespace, resident}: Input, {defaultNamespace}: {defaultNamespace: string}): string =>
  namespace ?? (resident ? residentNamespace : defaultNamespace);

/** Numbered writes to ConfigMaps: what a restore of the cluster's own data loses. */
export const kubernetes = defineCanary<Input>({
  kind: 'kubernetes',
  summary: 'Writes numbers to ConfigMaps; shows what a restore of objects loses.',
  input,
  undos: [canaryRemove],
  permissions: (given, context) =>
    (given.resident ? ['list'] : ['list', 'create', 'patch', 'delete']).map((verb) => ({
      verb,
      group: '',
      resource: 'configmaps',
      namespace: place(given, context),
    })),
  namespace: (given, context) => (given.resident ? undefined : place(given, context)),
  open: (ctx, given) =>
    given.resident ? openResident(ctx, place(given, ctx)) : openWriting(ctx, place(given, ctx), given.perObject),
  examples: [
    {namespace: 'shop', perObject: 10, resident: false},
    {perObject: 10, resident: true},
  ],
});

function openWriting(ctx: CanaryContext, namespace: string, perObject: number): WritingCanary {
  const {name, run, cluster, writer, clock} = ctx;
  const data = {canary: name, namespace};
  // Names of canaries have no dash, so that no two of them give the same.
  const prefix = `kubedrill-canary-${run.label}-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const refOf = (batch: number) => ({apiVersion: 'v1', kind: 'ConfigMap', namespace, name: `${prefix}-${batch}`});
  /** The batch whose ConfigMap is known to be there: then a write is a patch. */
  let present: number | undefined;

  const write = async (number: number, {signal, timeout}: CallBounds) => {
    const batch = Math.floor(number / perObject);
    const ref = refOf(batch);
    const entry = {[number]: clock.wall().toISOString()};
    if (present === batch) {
      await writer.cluster.patch(ref, {data: entry}, {type: 'merge', signal, timeout});
      return;
    }
    const labels = {[runLabel]: run.label, [canaryLabel]: name};
    const {apiVersion, kind, ...metadata} = ref;
    await writer.cluster.create({apiVersion, kind, metadata: {...metadata, labels}, data: entry}, {signal, timeout});
    present = batch;
  };
  return {
    cover: async () => ({undo: {kind: 'canary/remove', data}, target: {...refOf(0), name: prefix}}),
    write: async (number, bounds): Promise<WriteOutcome> => {
      try {
        await write(number, bounds);
        return {state: 'acknowledged'};
      } catch (error) {
        if (!isClusterError(error)) return {state: 'unknown', detail: messageOf(error)};
        // The next number finds out by itself whether to create or to add: one call a write, never repeated.
        if (error.reason === 'alreadyExists') present = Math.floor(number / perObject);
        if (error.reason === 'notFound') present = undefined;
        return {state: mayHaveApplied(error) ? 'unknown' : 'refused', detail: error.detail};
      }
    },
    read: async ({signal, timeout}) =>
      (await cluster.list(canaryQuery(run, data), {signal, timeout, fresh: true})).flatMap(numbersIn),
  };
}

function numbersIn({data}: KubeObject): number[] {
  const entries: JsonObject = isJsonObject(data) ? data : {};
  return Object.keys(entries).flatMap((key) => (/^\d{1,15}$/.test(key) ? [Number(key)] : []));
}
