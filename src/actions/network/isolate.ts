import {createHash} from 'node:crypto';
import * as z from 'zod';
import {describeRef} from '../../cluster/names.ts';
import {labelSelectorOf, matchesSelector} from '../../cluster/selector.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {namespaceField, selectorField} from '../../io/fields.ts';
import {isJsonObject, type JsonObject} from '../../io/json.ts';
import {changed, noNamespace, notFound} from '../common/absent.ts';
import {find, freeze, isNamespaceMissing, refOf, runLabel, selectorText} from '../common/objects.ts';
import {permit} from '../common/permissions.ts';
import {recordOf} from '../common/sealed.ts';
import {type ActionContext, defineAction} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import {objectRemove} from '../object/remove.ts';
import {enginePermissions, policyEngine} from './policy-engine.ts';

const input = () =>
  z.strictObject({
    namespace: namespaceField().optional(),
    selector: selectorField().optional().describe('Label selector of the pods; absent: every pod of the namespace'),
    direction: z
      .enum(['ingress', 'egress', 'both'])
      .default('both')
      .describe('Which traffic is cut off: to the pods, from them, or both'),
  });
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    name: z.string().describe('Name of the NetworkPolicy'),
    uid: z.string().describe('Its UID'),
    pods: z.int().describe('How many pods it selects'),
  });

const kind = 'network/isolate';
const policies = {apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy'} as const;
const pods = {apiVersion: 'v1', kind: 'Pod'} as const;

/**
 * Cuts pods off by a NetworkPolicy. It has no effect of its own to see: the policy is an object that the API server
 * takes whether or not anything enforces it, so only a service that goes down proves that it bites.
 */
export const networkIsolate = defineAction<Input, z.infer<ReturnType<typeof output>>>({
  kind,
  summary:
    'Cuts pods off from the network by a NetworkPolicy that allows nothing; a service with `outage: required` proves that it bites.',
  input,
  output,
  reversal: 'undoable',
  examples: [{namespace: 'shop', selector: 'app=web', direction: 'ingress'}, {namespace: 'shop'}],
  undos: [objectRemove],
  permissions: ({namespace}, {defaultNamespace}) => {
    const place = {namespace: namespace ?? defaultNamespace};
    return [
      ...permit(['get', 'list', 'create', 'delete'], {...policies, ...place}),
      ...permit(['list'], {...pods, ...place}),
      ...enginePermissions(),
    ];
  },
  plan: async (ctx, given) => {
    const selected = await choose(ctx, given);
    const policy = manifest(ctx, given);
    const engine = await policyEngine(ctx.cluster, {signal: ctx.signal});
    return {
      targets: [refOf(policy)],
      cascade: selected.map(freeze),
      undoKinds: ['object/remove'],
      notes: [
        engine === undefined
          ? 'nothing here is known to enforce NetworkPolicies; if nothing does, no service will go down'
          : `NetworkPolicies are enforced by ${engine}`,
        ...(await allowances(ctx, given, selected)),
      ],
    };
  },
  run: async (ctx, given) => {
    const {signal} = ctx;
    const selected = await choose(ctx, given);
    const policy = manifest(ctx, given);
    const target = refOf(policy);
    const live = await find(ctx.cluster, target, {signal});
    if (live !== undefined) throw changed(kind, `${describeRef(target)} was made by somebody else`, target);
    const content = {data: {}, key: 'written', content: policy, of: policy.kind};
    const undo = await recordOf(ctx.vault, {kind: 'object/remove', ...content});
    const made = await ctx.mutate({undo, target}, ({cluster}) => cluster.create(policy, {signal}));
    return {name: target.name, uid: made.metadata.uid ?? '', pods: selected.length};
  },
});

/** The pods that are cut off. */
async function choose(ctx: ActionContext, {selector, ...given}: Input): Promise<KubeObject[]> {
  const {cluster, signal} = ctx;
  const query = {...pods, namespace: given.namespace ?? ctx.defaultNamespace};
  const found = await cluster.list(selector === undefined ? query : {...query, labelSelector: selector}, {signal});
  if (found.length > 0) return found;
  if (await isNamespaceMissing(cluster, query.namespace, {signal})) throw noNamespace(kind, query.namespace);
  const what = `no pod in namespace ${query.namespace}${selector === undefined ? '' : ` matches ${selector}`}`;
  throw notFound(kind, what, query);
}

const typesOf = ({direction}: Input): string[] =>
  direction === 'both' ? ['Ingress', 'Egress'] : [direction === 'ingress' ? 'Ingress' : 'Egress'];

/** Selects the pods and allows nothing: what no rule allows is cut off. */
function manifest({run, defaultNamespace}: ActionContext, given: Input): KubeObject {
  const {namespace = defaultNamespace, selector, direction} = given;
  // One name for one isolation: two of the same run do not get into each other's way.
  const which = createHash('sha256')
    .update(`${selector ?? ''} ${direction}`)
    .digest('hex')
    .slice(0, 8);
  const podSelector: JsonObject = selector === undefined ? {} : labelSelectorOf(selector);
  return {
    ...policies,
    metadata: {name: `kubedrill-${run.label}-${which}`, namespace, labels: {[runLabel]: run.label}},
    spec: {podSelector, policyTypes: typesOf(given)},
  };
}

/** Policies add up: what another one allows to these pods stays allowed. */
async function allowances(ctx: ActionContext, given: Input, selected: readonly KubeObject[]): Promise<string[]> {
  const query = {...policies, namespace: given.namespace ?? ctx.defaultNamespace};
  const others = await ctx.cluster.list(query, {signal: ctx.signal});
  const rules = typesOf(given).map((type) => type.toLowerCase());
  return others
    .filter((policy) => {
      const text = selectorText(valueAt(policy, ['spec', 'podSelector']));
      const covers = selected.some(({metadata: {labels = {}}}) => text === '' || matchesSelector(labels, text));
      const spec = isJsonObject(policy.spec) ? policy.spec : {};
      return covers && rules.some((rule) => Array.isArray(spec[rule]) && spec[rule].length > 0);
    })
    .map((policy) => `${describeRef(refOf(policy))} selects pods of these too, and what it allows stays allowed`);
}
