import {cases, type Topic} from './case.ts';
import {configMap, deployment, lease, service} from './objects.ts';

const table = {accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'};
const metadataOnly = {accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json'};
const listOfMetadata = {accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json'};
const mine = 'labelSelector=of%3Dreads';
// biome-ignore lint/suspicious/noExplicitAny: answers of all kinds
type Loose = any;
const names = ({items}: Loose) => items.map(({metadata}: Loose) => metadata.name);

/** Reading: objects, lists, selectors, pages, other forms of the answer. */
export const reads: Topic = {
  name: 'reads',
  prepare: async (api) => {
    const labels = {of: 'reads'};
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
      const more = {labels: {...labels, ...(index % 2 ? {odd: 'yes'} : {}), n: String(index)}};
      await api.does('POST', 'configmaps', configMap(name, {a: name}, more));
    }
    await api.does('POST', 'secrets', {metadata: {name: 's', labels}, stringData: {key: 'value'}});
    await api.does('POST', 'leases', lease('l'));
    await api.does('POST', 'services', service('svc', {clusterIP: 'None'}));
    await api.does('POST', 'deployments', deployment('idle', 0));
    await api.until('deployments/idle', ({status}) => status?.conditions?.length > 1);
  },
  cases: cases({
    'a ConfigMap': (api) => api.get('configmaps/a'),
    'a Secret, given in plain text': (api) => api.get('secrets/s'),
    'a Lease': (api) => api.get('leases/l'),
    'a headless Service': (api) => api.get('services/svc'),
    'a Deployment without pods': (api) => api.get('deployments/idle'),
    'the default ServiceAccount': (api) => api.get('serviceaccounts/default'),
    'a namespace': (api) => api.get(`/api/v1/namespaces/${api.namespace}`),
    'an unknown ConfigMap': (api) => api.get('configmaps/none'),
    'an unknown Deployment': (api) => api.get('deployments/none'),
    'an unknown namespace': (api) => api.get('/api/v1/namespaces/none'),
    'an object of an unknown namespace': (api) => api.get('/api/v1/namespaces/none/configmaps/a'),
    'a list of an unknown namespace': (api) =>
      api.get('/api/v1/namespaces/none/configmaps', {see: ({metadata: _, ...rest}) => rest}),
    'HEAD of an object': (api) => api.call('HEAD', 'configmaps/a'),
    'a list by label': (api) => api.get(`configmaps?${mine}`),
    'a list across namespaces': (api) => api.get(`/api/v1/configmaps?${mine}`, {see: names}),
    'a list in sets': (api) => api.get(`configmaps?labelSelector=n+in+(1,3),of`, {see: names}),
    'a list that leaves out': (api) => api.get(`configmaps?${mine},odd!%3Dyes`, {see: names}),
    'a list without a label': (api) => api.get(`configmaps?${mine},!odd`, {see: names}),
    'a list with notin': (api) => api.get(`configmaps?${mine},n+notin+(0,2)`, {see: names}),
    'a list by number': (api) => api.get(`configmaps?${mine},n%3E1`, {see: names}),
    'a list by an empty value': (api) => api.get(`configmaps?${mine},odd%3D`, {see: names}),
    'a label selector that is none': (api) => api.get('configmaps?labelSelector=a+b+c'),
    'a label selector with a bad key': (api) => api.get('configmaps?labelSelector=a_%3Db'),
    'a label selector with a bad value': (api) => api.get('configmaps?labelSelector=a%3D-b'),
    'a label selector with an open bracket': (api) => api.get('configmaps?labelSelector=a+in+(b'),
    'a list by the field name': (api) => api.get('configmaps?fieldSelector=metadata.name%3Db', {see: names}),
    'a list by a field that is not': (api) =>
      api.get('configmaps?fieldSelector=metadata.name!%3Db,metadata.name!%3Dkube-root-ca.crt', {see: names}),
    'a field selector that is none': (api) => api.get('configmaps?fieldSelector=metadata.name'),
    'a field that cannot be selected by': (api) => api.get('configmaps?fieldSelector=data.a%3Db'),
    'a field of pods that cannot be selected by': (api) => api.get('pods?fieldSelector=spec.foo%3Db'),
    'a field of Deployments that cannot be selected by': (api) =>
      api.get('deployments?fieldSelector=spec.replicas%3D1'),
    'pods by phase, none there': (api) => api.get('pods?fieldSelector=status.phase%3DRunning'),
    pages: async (api) => {
      const first = await api.get(`configmaps?${mine}&limit=3`);
      await api.get(`configmaps?${mine}&limit=3&continue=${encodeURIComponent(first.metadata.continue)}`);
    },
    'pages by a token of another list': async (api) => {
      const first = await api.does('GET', `configmaps?${mine}&limit=3`);
      await api.get(`secrets?limit=3&continue=${encodeURIComponent(first.metadata.continue)}`);
    },
    'a page by a token with a revision': async (api) => {
      const first = await api.does('GET', `configmaps?${mine}&limit=3`);
      const token = encodeURIComponent(first.metadata.continue);
      await api.get(`configmaps?${mine}&limit=3&resourceVersion=1&continue=${token}`);
    },
    'a token that is none': (api) => api.get('configmaps?limit=3&continue=none'),
    'a limit that is no number': (api) => api.get('configmaps?limit=many'),
    'a limit below zero': (api) => api.get(`configmaps?${mine}&limit=-1`, {see: names}),
    'a list from the cache': (api) => api.get(`configmaps?${mine}&resourceVersion=0`, {see: names}),
    'a list not older than the future': (api) =>
      api.get('configmaps?resourceVersion=999999999&resourceVersionMatch=NotOlderThan'),
    'a list with a match and no revision': (api) => api.get('configmaps?resourceVersionMatch=NotOlderThan'),
    'a list exactly at revision 0': (api) => api.get('configmaps?resourceVersion=0&resourceVersionMatch=Exact'),
    'a list by an unknown match': (api) => api.get('configmaps?resourceVersion=1&resourceVersionMatch=Sometimes'),
    'a list at a revision that is none': (api) => api.get('configmaps?resourceVersion=abc'),
    'an object at a revision of the future': (api) => api.get('configmaps/a?resourceVersion=999999999'),
    'ConfigMaps as a table': (api) => api.get(`configmaps?${mine}`, {headers: table, see: cells}),
    'Secrets as a table': (api) => api.get(`secrets?${mine}`, {headers: table, see: cells}),
    'one Deployment as a table': (api) => api.get('deployments/idle', {headers: table, see: cells}),
    'Services as a table': (api) => api.get('services', {headers: table, see: cells}),
    'Leases as a table': (api) => api.get('leases', {headers: table, see: cells}),
    'a table with whole objects': (api) =>
      api.get(`configmaps?${mine}&includeObject=Object`, {
        headers: table,
        see: ({rows}) => rows.map(({object}: Loose) => object),
      }),
    'a table without objects': (api) =>
      api.get(`configmaps?${mine}&includeObject=None`, {
        headers: table,
        see: ({rows}) => rows.map(({object}: Loose) => object),
      }),
    'a table with unknown objects': (api) => api.get(`configmaps?${mine}&includeObject=Some`, {headers: table}),
    'metadata alone': (api) => api.get('configmaps/a', {headers: metadataOnly}),
    'a list of metadata alone': (api) => api.get(`configmaps?${mine}`, {headers: listOfMetadata}),
    'a form that the server does not have': (api) => api.get('configmaps/a', {headers: {accept: 'text/csv'}}),
    'as YAML': (api) => api.get('configmaps/a', {headers: {accept: 'application/yaml'}}),
    'any form': (api) => api.get('configmaps/a', {headers: {accept: '*/*'}}),
    indented: (api) => api.get('configmaps/a?pretty=true'),
  }),
};

/** What kubectl prints of a table: the columns that it shows, without those that move by themselves. */
const cells = ({kind, apiVersion, columnDefinitions, rows}: Loose) => {
  const shown = columnDefinitions.map(({name}: Loose) => name !== 'Age');
  const kept = <T>(list: T[]) => list.filter((_, index) => shown[index]);
  return {
    kind,
    apiVersion,
    columns: kept(columnDefinitions).map(({name, type, format, priority}: Loose) => ({name, type, format, priority})),
    rows: rows.map((row: Loose) => ({cells: kept(row.cells), object: row.object})),
  };
};
