import {cases, type Topic} from './case.ts';
import {configMap, pod} from './objects.ts';

const review = (attributes: object) => ({
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  spec: {resourceAttributes: attributes},
});
const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const allowed = ({kind, spec, status}: {kind: string; spec: object; status: {allowed: boolean}}) => ({
  kind,
  spec,
  allowed: status.allowed,
});
// biome-ignore lint/suspicious/noExplicitAny: answers of all kinds
type Loose = any;

/** Paths, methods, discovery, health, and what one may do. */
export const paths: Topic = {
  name: 'paths',
  cases: cases({
    'an unknown kind': (api) => api.get('/api/v1/things'),
    'an unknown group': (api) => api.get('/apis/example.org/v1/things'),
    'an unknown version': (api) => api.get('/apis/apps/v1beta1/deployments'),
    'an unknown path': (api) => api.get('/nothing'),
    'an unknown subresource': (api) => api.get('configmaps/kube-root-ca.crt/scale'),
    'a namespaced object without a namespace': (api) => api.get('/api/v1/configmaps/x'),
    'a cluster-wide object in a namespace': (api) => api.get('nodes'),
    'PUT of a collection': (api) => api.put('configmaps', configMap(api.name)),
    'POST to an object': (api) => api.post('configmaps/x', configMap('x')),
    'POST to a list across namespaces': (api) => api.post('/api/v1/configmaps', configMap(api.name)),
    'OPTIONS of a collection': (api) => api.call('OPTIONS', 'configmaps'),
    'DELETE of status': (api) => api.delete('pods/x/status'),
    'POST of status': (api) => api.post('pods/x/status', pod('x')),
    'POST of scale': (api) => api.post('deployments/x/scale', {}),
    'GET of an eviction': (api) => api.get('pods/x/eviction'),
    'PUT of a log': (api) => api.put('pods/x/log', {}),
    'the checks of readyz that a cluster has': async (api) => {
      for (const path of ['/readyz', '/livez', '/healthz', '/readyz/ping', '/livez/ping', '/readyz/etcd'])
        await api.get(path);
    },
    'a check of readyz that there is not': async (api) => {
      await api.get('/readyz/kubedrill-control');
      await api.get('/livez/anything');
      await api.get('/healthz/');
    },
    'readyz without a check': (api) => api.get('/readyz?exclude=etcd'),
    'readyz in words': (api) =>
      api.get('/readyz?verbose', {see: (text) => /^\[\+\]ping ok\n/.test(text) && /readyz check passed\n$/.test(text)}),
    'the version': (api) => api.get('/version', {see: ({major, minor}) => ({major, minor})}),
    'the groups': (api) => api.get('/apis', {see: ({kind, apiVersion}) => ({kind, apiVersion})}),
    'a group': (api) => api.get('/apis/apps'),
    'a group that is unknown': (api) => api.get('/apis/example.org'),
    'the core versions': (api) => api.get('/api', {see: ({kind, versions}) => ({kind, versions})}),
    ...Object.fromEntries(
      ['/api/v1', '/apis/apps/v1', '/apis/policy/v1', '/apis/coordination.k8s.io/v1', '/apis/networking.k8s.io/v1'].map(
        (path) => [`what practice has of ${path}`, async (api) => await api.get(path, {see: served})],
      ),
    ),
    'what one may do': async (api) => {
      await api.post(reviews, review({verb: 'delete', resource: 'pods', namespace: api.namespace}), {see: allowed});
      await api.post(
        reviews,
        review({verb: 'create', resource: 'pods', subresource: 'eviction', namespace: api.namespace}),
        {see: allowed},
      );
    },
    'what one may do, without saying what': (api) =>
      api.post(reviews, {apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: {}}),
    'GET of a review': (api) => api.get(reviews),
    'a status of a ConfigMap': (api) => api.get('configmaps/kube-root-ca.crt/status'),
    'a node that is unknown': (api) => api.get('/api/v1/nodes/none'),
    'the nodes': (api) => api.get('/api/v1/nodes', {see: ({kind, items}) => ({kind, count: items.length})}),
    'the Service of the API': (api) =>
      api.get('/api/v1/namespaces/default/services/kubernetes', {
        see: ({spec}) => ({clusterIP: spec.clusterIP, ports: spec.ports}),
      }),
    'the Service of the DNS': (api) =>
      api.get('/api/v1/namespaces/kube-system/services/kube-dns', {
        see: ({spec}) => ({clusterIP: spec.clusterIP, selector: spec.selector}),
      }),
  }),
};

/** The kinds, verbs and short names that practice lists; a real cluster has more. */
const has = new Set(
  `namespaces nodes pods services configmaps secrets serviceaccounts persistentvolumeclaims events deployments replicasets
  daemonsets endpointslices leases poddisruptionbudgets networkpolicies`.split(/\s+/),
);
const served = ({groupVersion, resources}: Loose) => ({
  groupVersion,
  resources: resources
    .filter(
      ({name}: Loose) =>
        has.has(name) || /^(pods\/(log|eviction|status|binding)|deployments\/|replicasets\/)/.test(name),
    )
    .map(({storageVersionHash: _, ...resource}: Loose) => ({...resource, verbs: resource.verbs.toSorted()}))
    .toSorted((a: Loose, b: Loose) => a.name.localeCompare(b.name)),
});
