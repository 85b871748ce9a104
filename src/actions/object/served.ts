import {isClusterError} from '../../cluster/errors.ts';
import {groupOf} from '../../cluster/names.ts';
import type {ApiResource, KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type JsonObject} from '../../io/json.ts';
import {noKind} from '../common/absent.ts';
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
    if (!isClusterError(error, 'notFound')) throw error;
    const defined = all.flatMap(definedBy).find((kind) => isOf(kind, object));
    if (defined === undefined) throw noKind('object/apply', error.message, error.hint ?? '');
    return defined;
  }
}

const isOf = ({group, version, kind}: ApiResource, object: KubeObject): boolean =>
  object.kind === kind && object.apiVersion === `${group}/${version}`;

/** The kinds that a CustomResourceDefinition brings, one for each version that it serves; of anything else none. */
export function definedBy({kind: made, apiVersion, spec}: KubeObject): ApiResource[] {
  if (made !== 'CustomResourceDefinition' || groupOf(apiVersion) !== 'apiextensions.k8s.io') return [];
  const {group, names, scope, versions} = (isJsonObject(spec) ? spec : {}) as JsonObject;
  if (typeof group !== 'string' || !isJsonObject(names) || !Array.isArray(versions)) return [];
  const {kind, plural} = names;
  if (typeof kind !== 'string' || typeof plural !== 'string') return [];
  return versions.flatMap((version) =>
    isJsonObject(version) && typeof version.name === 'string' && version.served !== false
      ? [{group, version: version.name, kind, resource: plural, namespaced: scope === 'Namespaced'}]
      : [],
  );
}

/** Milliseconds until a CRD that was just made must be served. */
const servedWithin = 30_000;

/** How the API server serves a kind; waits for one whose CRD was made a moment ago. */
export async function served(
  ctx: ActionContext,
  {apiVersion, kind: wanted}: Pick<KubeObject, 'apiVersion' | 'kind'>,
): Promise<ApiResource> {
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
