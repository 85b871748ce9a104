import type {Loose} from '../../support/practice.ts';
import type {Api} from './api.ts';
import {cases, type Topic} from './case.ts';
import {configMap, container, deployment, lease} from './objects.ts';

const by = (manager: string, path: string, more = '') => `${path}?fieldManager=${manager}${more}`;
const path = (api: Api) => `configmaps/${api.name}`;
const headers = {'content-type': 'application/apply-patch+yaml'};

/** Who owns what, without times. */
const owners = ({metadata}: Loose) =>
  (metadata.managedFields ?? [])
    .map(({time: _, ...entry}: Loose) => entry)
    .toSorted((a: Loose, b: Loose) => `${a.manager}${a.operation}`.localeCompare(`${b.manager}${b.operation}`));
const owned = (body: Loose) => ({body, owners: owners(body)});

/** Server-side apply: who owns which field, and conflicts. */
export const apply: Topic = {
  name: 'apply',
  cases: cases({
    'something new': (api) => api.patch('apply', by('one', path(api)), configMap(api.name), {see: owned}),
    'without a manager': (api) => api.patch('apply', path(api), configMap(api.name)),
    'without apiVersion and kind': (api) => api.patch('apply', by('one', path(api)), {metadata: {name: api.name}}),
    'with another name': (api) => api.patch('apply', by('one', path(api)), configMap('other')),
    'without a name': (api) =>
      api.patch('apply', by('one', path(api)), {apiVersion: 'v1', kind: 'ConfigMap', data: {}}),
    'with managed fields': (api) =>
      api.patch('apply', by('one', path(api)), configMap(api.name, {}, {managedFields: [{manager: 'x'}]})),
    'with a revision of what is not there': (api) =>
      api.patch('apply', by('one', path(api)), configMap(api.name, {}, {resourceVersion: '1'})),
    'with a UID of what is not there': (api) =>
      api.patch('apply', by('one', path(api)), configMap(api.name, {}, {uid: '00000000-0000-0000-0000-000000000000'})),
    'in YAML': (api) =>
      api.patch(
        'apply',
        by('one', path(api)),
        `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${api.name}\ndata:\n  a: "1"\n`,
      ),
    'what is no YAML': (api) => api.patch('apply', by('one', path(api)), 'a: [b'),
    'an unknown field': (api) => api.patch('apply', by('one', path(api)), {...configMap(api.name), colour: 'red'}),
    'a value of a wrong type': (api) => api.patch('apply', by('one', path(api)), configMap(api.name, {a: 1})),
    'into an unknown namespace': (api) =>
      api.patch('apply', by('one', `/api/v1/namespaces/none/configmaps/${api.name}`), configMap(api.name)),
    'the same twice': async (api) => {
      const first = await api.does('PATCH', by('one', path(api)), configMap(api.name), headers);
      const second = await api.patch('apply', by('one', path(api)), configMap(api.name), {see: owned});
      api.notes(first.metadata.resourceVersion === second.metadata.resourceVersion);
    },
    'a field that another manager applied': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name), headers);
      await api.patch('apply', by('two', path(api)), configMap(api.name, {a: '2'}));
      await api.patch('apply', by('two', path(api), '&force=true'), configMap(api.name, {a: '2'}), {see: owned});
      await api.patch('apply', by('one', path(api)), configMap(api.name, {a: '1'}));
    },
    'two fields of two managers': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name, {a: '1'}), headers);
      await api.does('PATCH', by('two', path(api)), configMap(api.name, {b: '1'}), headers);
      await api.patch('apply', by('three', path(api)), configMap(api.name, {a: '2', b: '2'}));
    },
    'a field that was written by an update': async (api) => {
      await api.does('POST', by('writer', 'configmaps'), configMap(api.name));
      await api.patch('apply', by('one', path(api)), configMap(api.name, {a: '2'}));
    },
    'a shared value': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name), headers);
      await api.patch('apply', by('two', path(api)), configMap(api.name), {see: owned});
      await api.patch('apply', by('one', path(api)), configMap(api.name, {}), {see: owned});
    },
    'a field that is given up': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name, {a: '1', b: '2'}), headers);
      await api.patch('apply', by('one', path(api)), configMap(api.name, {a: '1'}), {see: owned});
    },
    'all given up': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name, {a: '1'}), headers);
      await api.patch(
        'apply',
        by('one', path(api)),
        {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: api.name}},
        {see: owned},
      );
    },
    'an old revision': async (api) => {
      const {metadata} = await api.does('PATCH', by('one', path(api)), configMap(api.name), headers);
      await api.does('PATCH', by('one', path(api)), configMap(api.name, {a: '2'}), headers);
      await api.patch(
        'apply',
        by('one', path(api)),
        configMap(api.name, {a: '3'}, {resourceVersion: metadata.resourceVersion}),
      );
    },
    'a dry run of something new': async (api) => {
      await api.patch('apply', by('one', path(api), '&dryRun=All'), configMap(api.name));
      await api.get(path(api));
    },
    'a Lease': (api) => api.patch('apply', by('one', `leases/${api.name}`), lease(api.name), {see: owned}),
    'replicas that a scale took over': async (api) => {
      const at = `deployments/${api.name}`;
      await api.does('PATCH', by('one', at), deployment(api.name, 0), headers);
      const merge = {'content-type': 'application/merge-patch+json'};
      await api.does('PATCH', by('scaler', `${at}/scale`), {spec: {replicas: 1}}, merge);
      await api.patch('apply', by('one', at), deployment(api.name, 0));
      const without = deployment(api.name);
      delete without.spec.replicas;
      await api.patch('apply', by('one', at), without, {see: ({spec}) => spec.replicas});
    },
    'a container of another manager': async (api) => {
      const at = `deployments/${api.name}`;
      await api.does('PATCH', by('one', at), deployment(api.name, 0), headers);
      const second = deployment(api.name, 0);
      delete second.spec.replicas;
      second.spec.template.spec = {containers: [container('sleep 2', {name: 'second'})]};
      const names = ({spec}: Loose) => spec.template.spec.containers.map(({name}: Loose) => name);
      await api.patch('apply', by('two', at), second, {see: names});
      await api.patch('apply', by('one', at), deployment(api.name, 0), {see: names});
    },
    'the image of a container': async (api) => {
      const at = `deployments/${api.name}`;
      await api.does('PATCH', by('one', at), deployment(api.name, 0), headers);
      const other = deployment(api.name, 0);
      other.spec.template.spec.containers[0].image = 'other:1';
      await api.patch('apply', by('two', at), other);
    },
    'what an update writes over an apply': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name, {a: '1', b: '1'}), headers);
      await api.patch('merge', by('writer', path(api)), {data: {a: '2'}}, {see: owned});
    },
    'an update that clears the owners': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name), headers);
      await api.patch('merge', by('writer', path(api)), {metadata: {managedFields: [{}]}}, {see: owned});
    },
    'an update that gives fields back to their owner': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name, {a: '1', b: '1'}), headers);
      const merge = {'content-type': 'application/merge-patch+json'};
      const get = () => api.does('GET', path(api)) as Promise<Loose>;
      const {managedFields} = (await get()).metadata;
      for (const a of ['2', '1']) await api.does('PATCH', by('writer', path(api)), {data: {a}}, merge);
      const {resourceVersion, uid} = (await get()).metadata;
      await api.patch(
        'merge',
        by('writer', path(api)),
        {metadata: {resourceVersion, uid, managedFields}},
        {see: owned},
      );
      await api.patch('merge', by('writer', path(api)), {metadata: {resourceVersion, managedFields}});
      await api.patch('apply', by('one', path(api)), configMap(api.name, {a: '3', b: '1'}), {see: owned});
    },
    'an apply of another revision': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name), headers);
      await api.patch('apply', by('one', path(api)), configMap(api.name, {a: '9'}, {resourceVersion: '1'}));
    },
    'labels and annotations of two managers': async (api) => {
      const labelled = (metadata: object) => ({...configMap(api.name, undefined, metadata), data: undefined});
      await api.does('PATCH', by('one', path(api)), labelled({labels: {a: '1'}}), headers);
      await api.patch('apply', by('two', path(api)), labelled({labels: {b: '1'}, annotations: {c: '1'}}), {see: owned});
      await api.patch('apply', by('two', path(api)), labelled({}), {see: owned});
    },
    'an empty map of two managers': async (api) => {
      await api.does('PATCH', by('one', path(api)), configMap(api.name, {}), headers);
      await api.patch('apply', by('two', path(api)), configMap(api.name, {}));
    },
  }),
};
