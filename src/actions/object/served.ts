import {isClusterError} from '../../cluster/errors.ts';
import {guessResource} from '../../cluster/names.ts';
import type {ApiResource, KubeObject} from '../../cluster/types.ts';
import type {Json, JsonObject} from '../../io/json.ts';
import {refused} from '../common/absent.ts';
import {until} from '../common/objects.ts';
import type {ActionContext} from '../define.ts';

/** How the API server serves a kind; for a kind whose CRD is among the manifests, how it will. */
export async function resourceOf(
  ctx: ActionContext,
  object: KubeObject,
  all: readonly KubeObject[],
): Promise<ApiResource> {
  try {
    return await ctx.cluster.resource(object.apiVersion, object.kind, {signal: ctx.signal});
  } catch (error) {
    const definition = all.map((other) => definedBy(other)).find((defined) => defined?.kind === object.kind);
    if (definition === undefined || !isClusterError(error, 'notFound')) {
      throw isClusterError(error, 'notFound') ? refused('object/apply', error.message, error.hint ?? '') : error;
    }
    const [group = '', version = ''] = object.apiVersion.split('/');
    return {group, version, kind: object.kind, resource: guessResource(object.kind), namespaced: definition.namespaced};
  }
}

function definedBy({kind: made, spec}: KubeObject): {kind: Json | undefined; namespaced: boolean} | undefined {
  if (made !== 'CustomResourceDefinition') return undefined;
  const {names, scope} = spec as {names?: JsonObject; scope?: Json};
  return {kind: names?.kind, namespaced: scope === 'Namespaced'};
}

/** Milliseconds until a CRD that was just made must be served. */
const servedWithin = 30_000;

/** How the API server serves a kind; waits for one whose CRD was made a moment ago. */
export async function served(ctx: ActionContext, {apiVersion, kind: wanted}: KubeObject): Promise<ApiResource> {
  const deadline = ctx.clock.mono() + servedWithin;
  return await until(ctx, async () => {
    try {
      return await ctx.cluster.resource(apiVersion, wanted, {signal: ctx.signal});
    } catch (error) {
      if (isClusterError(error, 'notFound') && ctx.clock.mono() < deadline) return undefined;
      throw error;
    }
  });
}
