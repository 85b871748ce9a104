import {apiVersionOf, isResource, namespaces, type Resource, resources} from '../kinds.ts';
import {NoSuchPage, noSuchPath} from '../status.ts';

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
/** Namespaces go one by one. */
const verbsOf = (resource: Resource) =>
  allVerbs.filter((verb) => verb !== 'deletecollection' || !isResource(resource, namespaces));

/** Verbs of the subresources that are no plain get and update. */
const subresourceVerbs: Readonly<Record<string, readonly string[]>> = {
  eviction: ['create'],
  binding: ['create'],
  log: ['get'],
  proxy: ['get'],
  finalize: ['update'],
};
/** Kinds that subresources speak, where they differ from the resource's own. */
const subresourceKinds: Readonly<Record<string, {group: string; version: string; kind: string}>> = {
  eviction: {group: 'policy', version: 'v1', kind: 'Eviction'},
  scale: {group: 'autoscaling', version: 'v1', kind: 'Scale'},
  binding: {group: '', version: 'v1', kind: 'Binding'},
};

const reviews = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'selfsubjectaccessreviews',
  kind: 'SelfSubjectAccessReview',
};

interface GroupVersion {
  group: string;
  version: string;
}

const groupVersions: readonly GroupVersion[] = [
  ...new Map(
    [...resources, reviews].map(({group, version}) => [apiVersionOf({group, version}), {group, version}]),
  ).values(),
];

/** The document of a discovery path, in the aggregated form when that is asked for. Undefined for other paths. */
export function discover(pathname: string, aggregated: boolean): object | undefined {
  const path = pathname.replace(/\/$/, '');
  if (path === '/api') return aggregated ? aggregate((each) => each.group === '') : coreVersions;
  if (path === '/apis') return aggregated ? aggregate((each) => each.group !== '') : groupList();
  const [, root, first = '', second = ''] = path.split('/');
  const depth = path.split('/').length;
  if (root === 'api' && depth === 3) return resourceList('', first);
  if (root === 'apis' && depth === 3) {
    const group = groupList().groups.find((each) => each.name === first);
    if (!group) throw new NoSuchPage();
    return {kind: 'APIGroup', apiVersion: 'v1', ...group};
  }
  return root === 'apis' && depth === 4 ? resourceList(first, second) : undefined;
}

const coreVersions = {kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: []};

function groupList() {
  const groups = groupVersions
    .filter(({group}) => group !== '')
    .map(({group, version}) => {
      const preferredVersion = {groupVersion: `${group}/${version}`, version};
      return {name: group, versions: [preferredVersion], preferredVersion};
    });
  return {kind: 'APIGroupList', apiVersion: 'v1', groups};
}

const of = ({group, version}: GroupVersion) =>
  resources.filter((resource) => resource.group === group && resource.version === version);

function resourceList(group: string, version: string): object {
  if (!groupVersions.some((each) => each.group === group && each.version === version)) throw noSuchPath();
  const own = of({group, version}).flatMap((resource) => [
    {
      name: resource.plural,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: verbsOf(resource),
      ...(resource.shortNames.length > 0 ? {shortNames: resource.shortNames} : {}),
      ...(resource.categories.length > 0 ? {categories: resource.categories} : {}),
    },
    ...resource.subresources.map((name) => ({
      name: `${resource.plural}/${name}`,
      singularName: '',
      namespaced: resource.namespaced,
      ...(name === 'binding' ? {} : subresourceKinds[name]),
      kind: subresourceKinds[name]?.kind ?? resource.kind,
      verbs: subresourceVerbs[name] ?? ['get', 'patch', 'update'],
    })),
  ]);
  const review = {name: reviews.plural, singularName: '', namespaced: false, kind: reviews.kind, verbs: ['create']};
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({group, version}),
    resources: group === reviews.group ? [review] : own,
  };
}

const responseKind = ({group, version, kind}: {group: string; version: string; kind: string}) => ({
  group,
  version,
  kind,
});

/** `apidiscovery.k8s.io/v2`: everything in one answer. */
function aggregate(wanted: (each: GroupVersion) => boolean): object {
  const items = groupVersions.filter(wanted).map(({group, version}) => ({
    metadata: {name: group, creationTimestamp: null},
    versions: [
      {
        version,
        freshness: 'Current',
        resources: group === reviews.group ? [aggregatedReview] : of({group, version}).map(aggregated),
      },
    ],
  }));
  return {kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items};
}

const aggregatedReview = {
  resource: reviews.plural,
  responseKind: responseKind(reviews),
  scope: 'Cluster',
  singularResource: 'selfsubjectaccessreview',
  verbs: ['create'],
};

function aggregated(resource: Resource): object {
  return {
    resource: resource.plural,
    responseKind: responseKind(resource),
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: verbsOf(resource),
    ...(resource.shortNames.length > 0 ? {shortNames: resource.shortNames} : {}),
    ...(resource.categories.length > 0 ? {categories: resource.categories} : {}),
    subresources: resource.subresources.map((name) => ({
      subresource: name,
      responseKind: responseKind(subresourceKinds[name] ?? resource),
      verbs: subresourceVerbs[name] ?? ['get', 'patch', 'update'],
    })),
  };
}
