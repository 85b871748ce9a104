import * as z from 'zod';
import {kubectl} from '../../cluster/names.ts';
import {type Healer, healPermissions, isHealed} from '../common/heals.ts';
import {pollEvery} from '../common/objects.ts';
import {defineUndo} from '../define.ts';

const schema = z.strictObject({
  healer: z.strictObject({
    apiVersion: z.string(),
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
  }),
  desired: z.int().min(0),
  uids: z.array(z.string()),
});
type Data = z.infer<typeof schema>;

const healerOf = ({healer: {namespace, ...ref}, desired}: Data): Healer => ({
  ref: {...ref, ...(namespace === undefined ? {} : {namespace})},
  desired,
});

/** Changes nothing: waits until the platform itself has replaced what a fault took. */
export const platformHeals = defineUndo<Data>({
  kind: 'platform/heals',
  summary: 'Waits until the controller has as many ready pods as it wants and none of the old ones is left.',
  schema,
  permissions: ({healer}) => healPermissions(healer.namespace ?? 'default'),
  run: async ({cluster, clock, signal}, data) => {
    const healer = healerOf(data);
    let seen = {ok: false, detail: 'the platform was not asked in time'};
    while (!signal.aborted) {
      try {
        seen = await isHealed(cluster, healer, data.uids, {signal});
        if (seen.ok) return {state: 'already', detail: `healed: ${seen.detail}`};
        await clock.sleep(pollEvery, signal);
      } catch (error) {
        // The deadline: what was seen last says more than the abort.
        if (!signal.aborted) throw error;
      }
    }
    return {state: 'failed', detail: `not healed in time: ${seen.detail}`, command: watch(data)};
  },
  verify: ({cluster, signal}, data) => isHealed(cluster, healerOf(data), data.uids, {signal}),
  command: watch,
});

function watch(data: Data): string {
  const {ref} = healerOf(data);
  const rollout = ['Deployment', 'StatefulSet', 'DaemonSet'].includes(ref.kind);
  return kubectl(rollout ? 'rollout status' : 'get', ref);
}
