import * as z from 'zod';
import {isClusterError} from '../cluster/errors.ts';
import {groupOf, guessResource} from '../cluster/names.ts';
import {messageOf} from '../io/errors.ts';
import {attempt, judged} from './attempt.ts';
import {defineProbe, type ProbeContext, type Reading} from './define.ts';

const input = () =>
  z
    .strictObject({
      apiVersion: z.string().min(1).describe('API version as in a manifest: v1, apps/v1.'),
      kind: z.string().min(1).describe('Kind as in a manifest.'),
      namespace: z
        .string()
        .optional()
        .describe('Namespace; for one object the default one when none is given, for a list all.'),
      name: z.string().min(1).optional().describe('Name of one object; without it all that match are listed.'),
      selector: z.string().optional().describe('Label selector of the list, as kubectl -l has it.'),
      fieldSelector: z.string().optional().describe('Field selector of the list.'),
      allowEmpty: z.boolean().default(false).describe('Whether an empty list may be judged; else it is bad.'),
    })
    .refine(({name, selector, fieldSelector}) => name === undefined || (selector ?? fieldSelector) === undefined, {
      message: 'give a name or selectors, not both',
      path: ['name'],
    });
type Input = z.infer<ReturnType<typeof input>>;

const control = (given: Input): Input =>
  given.name === undefined
    ? {...given, selector: 'kubedrill.dev/control=matches-nothing', allowEmpty: false}
    : {...given, name: 'kubedrill-control'};

/**
 * What the Kubernetes API says of one object or a list. An object that is not there is bad. An API that does not give
 * the object (unreachable, 401, 403, 5xx) leaves the question open: blind, never the application's failure.
 */
export const kubernetesObject = defineProbe<Input>({
  kind: 'kubernetes/object',
  summary: 'Reads one object or a list from the Kubernetes API and evaluates an expression on it.',
  input,
  from: ['runner'],
  observes: {object: 'the object, when a name is given', items: 'the objects found, as a list'},
  permissions: ({apiVersion, kind, namespace, name}, {defaultNamespace}) => [
    {
      verb: name === undefined ? 'list' : 'get',
      group: groupOf(apiVersion),
      resource: guessResource(kind),
      ...(namespace === undefined ? (name === undefined ? {} : {namespace: defaultNamespace}) : {namespace}),
      ...(name === undefined ? {} : {name}),
      of: {apiVersion, kind},
    },
  ],
  sample: (ctx, given) => attempt(ctx, (signal) => read(ctx, given, signal), 'blind'),
  control,
  controls: {absent: control},
  empty: ({allowEmpty}, {items}) =>
    Array.isArray(items) && items.length === 0 && !allowEmpty ? 'not found' : undefined,
  defaultExpect: 'true',
});

async function read(ctx: ProbeContext, given: Input, signal: AbortSignal): Promise<Reading> {
  const {cluster} = ctx;
  if (!cluster) return {state: 'blind', detail: 'no access to the Kubernetes API here'};
  const {apiVersion, kind, namespace, name, selector, fieldSelector} = given;
  const options = {signal, timeout: ctx.timeout, fresh: true};
  try {
    // Asked first, so that a kind which the API does not know is not taken for an object that is not there.
    const {namespaced} = await cluster.resource(apiVersion, kind, options);
    if (name === undefined) {
      const items = await cluster.list(
        {
          apiVersion,
          kind,
          ...(namespaced && namespace !== undefined ? {namespace} : {}),
          ...(selector === undefined ? {} : {labelSelector: selector}),
          ...(fieldSelector === undefined ? {} : {fieldSelector}),
        },
        options,
      );
      return judged(ctx, {items});
    }
    const place = namespaced ? {namespace: namespace ?? ctx.defaultNamespace ?? 'default'} : {};
    const object = await cluster.get({apiVersion, kind, name, ...place}, options).catch((error: unknown) => {
      if (isClusterError(error, 'notFound')) return undefined;
      throw error;
    });
    return object ? judged(ctx, {object, items: [object]}) : judged(ctx, {items: []});
  } catch (error) {
    return {state: 'blind', detail: isClusterError(error) ? error.detail : messageOf(error)};
  }
}
