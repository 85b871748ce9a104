import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import type {FrozenRef, KubeObject, ListQuery, Permission} from '../../cluster/types.ts';
import {namespaceField, objectName, selectorField} from '../../io/fields.ts';
import type {Json} from '../../io/json.ts';
import {changed, notFound} from '../common/absent.ts';
import {find, freeze, onLatest} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import type {ActionContext} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {fieldOwners} from '../fields/owners.ts';
import {type TouchedField, touchedBy} from '../fields/touched.ts';

const node = {apiVersion: 'v1', kind: 'Node'} as const;

/** Fields of an input that say which node is meant; spread into a strict object, with {@link saysWhich} as its refinement. */
export const nodeFields = () => ({
  name: objectName().optional(),
  selector: selectorField()
    .optional()
    .describe('Label selector of the nodes; of those that match, the first by name is taken'),
  running: z
    .strictObject({
      namespace: namespaceField().optional(),
      selector: selectorField().describe('Label selector of the pods, as kubectl has it'),
    })
    .optional()
    .describe('Only a node on which such a pod is'),
});
type NodeChoice = z.infer<z.ZodObject<ReturnType<typeof nodeFields>>>;

/** Whether an input names its node somehow: a drill does not take just any. */
export const saysWhich = ({name, selector, running}: NodeChoice) => (name ?? selector ?? running) !== undefined;
export const whichNode = {message: 'say which node: name, selector or running'};

/** What choosing a node asks of the API server. */
export function choicePermissions({name, running}: NodeChoice, defaultNamespace: string): Permission[] {
  return [
    ...permit(name === undefined ? ['get', 'list'] : ['get'], node),
    ...(running === undefined
      ? []
      : permit(['list'], {apiVersion: 'v1', kind: 'Pod', namespace: running.namespace ?? defaultNamespace})),
  ];
}

/**
 * The one node that is meant: always the same one while the cluster stays as it is, so that what was previewed is what
 * is hit. Among several, `suits` leaves out those that would be no target.
 */
export async function chooseNode(
  ctx: ActionContext,
  kind: string,
  given: NodeChoice,
  suits: (node: KubeObject) => boolean = () => true,
): Promise<KubeObject> {
  const {cluster, signal} = ctx;
  const {name, selector} = given;
  const used = await nodesInUse(ctx, given);
  const isUsed = (candidate: KubeObject) => used === undefined || used.has(candidate.metadata.name);
  if (name !== undefined) {
    const live = await find(cluster, {...node, name}, {signal});
    if (live === undefined) throw notFound(kind, `there is no Node ${name}`, node);
    if (isUsed(live)) return live;
    throw notFound(kind, `no pod that matches ${given.running?.selector} is on Node ${name}`, podsQuery(ctx, given));
  }
  const all = await cluster.list({...node, ...(selector === undefined ? {} : {labelSelector: selector})}, {signal});
  const candidates = all.filter(isUsed);
  const [first] = candidates.filter(suits).toSorted(byName);
  if (first !== undefined) return first;
  const query = selector === undefined ? node : {...node, labelSelector: selector};
  if (candidates.length > 0) throw notFound(kind, `all ${candidates.length} nodes that match are cordoned`, query);
  if (all.length === 0) throw notFound(kind, `no node matches ${selector}`, query);
  const what = `none of ${all.length} nodes runs a pod that matches ${given.running?.selector}`;
  throw notFound(kind, what, podsQuery(ctx, given));
}

const byName = (one: KubeObject, other: KubeObject) => (one.metadata.name < other.metadata.name ? -1 : 1);

/** Names of the nodes that run a pod of `running`; undefined when any node will do. */
async function nodesInUse(ctx: ActionContext, given: NodeChoice): Promise<Set<Json | undefined> | undefined> {
  if (given.running === undefined) return undefined;
  const pods = await ctx.cluster.list(podsQuery(ctx, given), {signal: ctx.signal});
  return new Set(
    pods
      .filter(({metadata}) => metadata.deletionTimestamp === undefined)
      .flatMap((pod) => valueAt(pod, ['spec', 'nodeName']) ?? []),
  );
}

function podsQuery({defaultNamespace}: ActionContext, {running}: NodeChoice): ListQuery {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: running?.namespace ?? defaultNamespace,
    labelSelector: running?.selector ?? '',
  };
}

/** Whether a node takes no new pods. */
export const isCordoned = (live: KubeObject): boolean => valueAt(live, ['spec', 'unschedulable']) === true;

/** What cordoning changes on a node; nothing on one that is cordoned already. */
export const cordonFields = (live: KubeObject): TouchedField[] => touchedBy({spec: {unschedulable: true}}, live);

/**
 * Cordons a node as one mutation with its undo. Throws a StepError when it is another node by now, or when somebody
 * else has cordoned it since: then the cordon is theirs, and no undo of ours may take it away.
 */
export async function cordon(ctx: ActionContext, kind: string, target: FrozenRef): Promise<void> {
  const {signal} = ctx;
  await onLatest(ctx, async () => {
    const live = await find(ctx.cluster, target, {signal});
    if (live?.metadata.uid !== target.uid) throw changed(kind, `${describeRef(target)} was replaced or is gone`, node);
    if (isCordoned(live)) throw changed(kind, `${describeRef(target)} was cordoned by somebody else`, node);
    const fields = cordonFields(live) as unknown as Json;
    const undo = {kind: 'object/put-back', data: {uid: target.uid, fields}, owners: fieldOwners(live)};
    const {uid = '', resourceVersion = ''} = live.metadata;
    const patch = {metadata: {uid, resourceVersion}, spec: {unschedulable: true}};
    await ctx.mutate({undo, target: freeze(live)}, ({cluster}) =>
      cluster.patch(target, patch, {signal, type: 'merge'}),
    );
  });
}
