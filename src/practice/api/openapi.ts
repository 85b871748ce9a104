import {practiceVersion} from '../bootstrap.ts';
import {apiVersionOf, type Resource, resources} from '../kinds.ts';
import {noSuchPath} from '../status.ts';

/**
 * OpenAPI v3, as little as kubectl needs: it looks for the `fieldValidation` parameter of a kind's patch, and then
 * leaves validation to the server. There are no schemas; `kubectl explain` has nothing to show.
 */
export function openApi(pathname: string): object {
  const path = pathname.replace(/\/$/, '');
  if (path === '/openapi/v3') {
    const versions = [...new Set(resources.map(pathOf))];
    return {paths: Object.fromEntries(versions.map((each) => [each, {serverRelativeURL: `/openapi/v3/${each}`}]))};
  }
  const wanted = path.slice('/openapi/v3/'.length);
  const own = resources.filter((resource) => pathOf(resource) === wanted);
  if (own.length === 0) throw noSuchPath();
  return {
    openapi: '3.0.0',
    info: {title: 'kubedrill-practice', version: practiceVersion},
    paths: Object.fromEntries(own.map((resource) => [objectPath(resource), {patch: patchOf(resource)}])),
    components: {schemas: {}},
  };
}

const pathOf = (resource: Resource) => (resource.group ? `apis/${apiVersionOf(resource)}` : `api/${resource.version}`);

function objectPath(resource: Resource): string {
  return `/${pathOf(resource)}/${resource.namespaced ? 'namespaces/{namespace}/' : ''}${resource.plural}/{name}`;
}

function patchOf({group, version, kind}: Resource): object {
  const parameter = (name: string) => ({name, in: 'query', schema: {type: 'string', uniqueItems: true}});
  return {
    parameters: ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map(parameter),
    responses: {200: {description: 'OK'}},
    'x-kubernetes-action': 'patch',
    'x-kubernetes-group-version-kind': {group, kind, version},
  };
}
