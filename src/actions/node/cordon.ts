import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {FrozenRef} from '../../cluster/types.ts';
import {refused} from '../common/absent.ts';
import {find, freeze} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {defineAction} from '../define.ts';
import {objectPutBack} from '../object/put-back.ts';
import {choicePermissions, chooseNode, cordon, isCordoned, nodeFields, saysWhich, whichNode} from './nodes.ts';

const input = () => z.strictObject(nodeFields()).refine(saysWhich, whichNode);
const output = () =>
  z.strictObject({
    node: z.string().describe('Name of the cordoned node'),
    uid: z.string().describe('Its UID'),
  });

const kind = 'node/cordon';

/** Keeps new pods away from one node. */
export const nodeCordon = defineAction<z.infer<ReturnType<typeof input>>, z.infer<ReturnType<typeof output>>>({
  kind,
  summary: 'Cordons a node: it takes no new pods. Refused for a node that is cordoned already, which stays so.',
  input,
  output,
  reversal: 'undoable',
  examples: [{name: 'worker-1'}, {running: {namespace: 'shop', selector: 'app=web'}}],
  undos: [objectPutBack],
  permissions: (given, {defaultNamespace}) => [
    ...choicePermissions(given, defaultNamespace),
    ...permit(['patch'], {apiVersion: 'v1', kind: 'Node'}),
  ],
  plan: async (ctx, given) => {
    const node = await chooseNode(ctx, kind, given, (candidate) => !isCordoned(candidate));
    if (!isCordoned(node)) return {targets: [freeze(node)], undoKinds: ['object/put-back']};
    const what = `${describeRef(freeze(node))} is cordoned already, so this would change nothing`;
    throw refused(kind, what, 'Choose another node: kubectl get nodes');
  },
  run: async (ctx, _given, {targets}) => {
    const [target] = targets as [FrozenRef];
    await cordon(ctx, kind, target);
    return {node: target.name, uid: target.uid};
  },
  shows: 'own-write',
  effect: async ({cluster, signal}, _given, {targets}) => {
    const [target] = targets as [FrozenRef];
    const live = await find(cluster, target, {signal});
    const seen = live?.metadata.uid === target.uid && isCordoned(live);
    return {seen, detail: `${describeRef(target)} ${seen ? 'takes no new pods' : 'is not cordoned'}`};
  },
});
