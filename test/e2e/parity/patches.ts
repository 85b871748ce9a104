import type {Loose} from '../../support/practice.ts';
import type {Api} from './api.ts';
import {cases, type Topic} from './case.ts';
import {configMap, container, deployment, image, service} from './objects.ts';

const made = async (api: Api, data: Loose = {a: '1', b: '2'}, metadata: object = {}): Promise<string> => {
  await api.does('POST', 'configmaps', configMap(api.name, data, metadata));
  return `configmaps/${api.name}`;
};
const rolled = async (api: Api): Promise<string> => {
  await api.does('POST', 'deployments', deployment(api.name, 0));
  return `deployments/${api.name}`;
};
const containers = ({spec}: Loose) => spec.template.spec.containers;
/** Addresses differ between clusters. */
const hidden = {clusterIP: undefined, clusterIPs: undefined};
const frozen = '00000000-0000-0000-0000-000000000000';

/** JSON, merge and strategic merge patches. */
export const patches: Topic = {
  name: 'patches',
  cases: cases({
    'merge: one added, one taken away': async (api) => api.patch('merge', await made(api), {data: {b: null, c: '3'}}),
    'merge: the text of a Secret, tried out and in earnest': async (api) => {
      await api.does('POST', 'secrets', {metadata: {name: api.name}, data: {a: 'b2xk', b: 'b2xk'}});
      const see = ({data, stringData}: Loose) => ({data, stringData});
      await api.patch('merge', `secrets/${api.name}?dryRun=All`, {stringData: {a: 'new'}}, {see});
      await api.patch('merge', `secrets/${api.name}`, {stringData: {a: 'new'}}, {see});
    },
    'merge: a Service that becomes an ExternalName, and is none again with its address': async (api) => {
      await api.does('POST', 'services', service(api.name));
      const {spec} = (await api.does('GET', `services/${api.name}`)) as Loose;
      const see = ({spec: seen}: Loose) => ({...seen, isSame: seen.clusterIP === spec.clusterIP, ...hidden});
      const external = {spec: {type: 'ExternalName', externalName: 'gone.example.invalid'}};
      await api.patch('merge', `services/${api.name}?dryRun=All`, external, {see});
      await api.patch('merge', `services/${api.name}`, external, {see});
      const {clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, internalTrafficPolicy, type} = spec;
      const addressed = {clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, internalTrafficPolicy, type};
      await api.patch('merge', `services/${api.name}`, {spec: {...addressed, externalName: null}}, {see});
    },
    'merge: a list': async (api) => api.patch('merge', await made(api), '[]'),
    'merge: no JSON': async (api) => api.patch('merge', await made(api), '{'),
    'merge: nothing': async (api) => api.patch('merge', await made(api), {}),
    'merge: a wrong type': async (api) => api.patch('merge', await made(api), {data: {a: 1}}),
    'merge: another name': async (api) => api.patch('merge', await made(api), {metadata: {name: 'other'}}),
    'merge: another namespace': async (api) => api.patch('merge', await made(api), {metadata: {namespace: 'default'}}),
    'merge: another kind': async (api) => api.patch('merge', await made(api), {kind: 'Secret'}),
    'merge: another UID': async (api) => api.patch('merge', await made(api), {metadata: {uid: frozen}}),
    'merge: an old revision': async (api) => {
      const path = await made(api);
      const {metadata} = await api.does('GET', path);
      await api.does('PATCH', path, {data: {a: '2'}}, {'content-type': 'application/merge-patch+json'});
      await api.patch('merge', path, {metadata: {resourceVersion: metadata.resourceVersion}, data: {a: '3'}});
    },
    'merge: a revision that is none': async (api) =>
      api.patch('merge', await made(api), {metadata: {resourceVersion: 'x'}}),
    'merge: what is not there': (api) => api.patch('merge', 'configmaps/none', {}),
    'merge: an unknown field': async (api) => api.patch('merge', await made(api), {colour: 'red'}),
    'merge: an unknown field, strictly': async (api) =>
      api.patch('merge', `${await made(api)}?fieldValidation=Strict`, {colour: 'red'}),
    'merge: a bad label': async (api) => api.patch('merge', await made(api), {metadata: {labels: {a: '-'}}}),
    'merge: a dry run': async (api) => {
      const path = await made(api);
      await api.patch('merge', `${path}?dryRun=All`, {data: {c: '3'}});
      await api.get(path);
    },
    'merge: forced': async (api) => api.patch('merge', `${await made(api)}?force=true`, {data: {c: '3'}}),
    'merge: all containers': async (api) =>
      api.patch(
        'merge',
        await rolled(api),
        {spec: {template: {spec: {containers: [{name: 'new', image}]}}}},
        {see: containers},
      ),
    'merge: no replicas': async (api) =>
      api.patch('merge', await rolled(api), {spec: {replicas: null}}, {see: ({spec}) => spec.replicas}),
    'merge: status with the rest': async (api) =>
      api.patch('merge', await rolled(api), {status: {replicas: 7}}, {see: ({status}) => status.replicas}),
    'json: all operations': async (api) =>
      api.patch('json', await made(api), [
        {op: 'test', path: '/data/a', value: '1'},
        {op: 'add', path: '/data/c', value: '3'},
        {op: 'replace', path: '/data/a', value: '9'},
        {op: 'copy', from: '/data/a', path: '/data/d'},
        {op: 'move', from: '/data/b', path: '/data/e'},
        {op: 'remove', path: '/data/c'},
      ]),
    'json: a test that fails': async (api) =>
      api.patch('json', await made(api), [{op: 'test', path: '/data/a', value: '2'}]),
    'json: a test of what is not there': async (api) =>
      api.patch('json', await made(api), [{op: 'test', path: '/data/x', value: '2'}]),
    'json: what is not there removed': async (api) =>
      api.patch('json', await made(api), [{op: 'remove', path: '/data/x'}]),
    'json: what is not there replaced': async (api) =>
      api.patch('json', await made(api), [{op: 'replace', path: '/data/x', value: '1'}]),
    'json: added to nothing': async (api) =>
      api.patch('json', await made(api), [{op: 'add', path: '/x/y', value: '1'}]),
    'json: an unknown operation': async (api) => api.patch('json', await made(api), [{op: 'swap', path: '/data/a'}]),
    'json: no path': async (api) => api.patch('json', await made(api), [{op: 'remove'}]),
    'json: no list': async (api) => api.patch('json', await made(api), {op: 'remove', path: '/data/a'}),
    'json: no operations': async (api) => api.patch('json', await made(api), []),
    'json: a revision as a test': async (api) => {
      const path = await made(api);
      await api.patch('json', path, [
        {op: 'test', path: '/metadata/resourceVersion', value: 'x'},
        {op: 'remove', path: '/data/a'},
      ]);
    },
    'json: an element of a list': async (api) =>
      api.patch(
        'json',
        await rolled(api),
        [{op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'other:1'}],
        {see: containers},
      ),
    'json: an element that is not there': async (api) =>
      api.patch('json', await rolled(api), [
        {op: 'replace', path: '/spec/template/spec/containers/3/image', value: 'other:1'},
      ]),
    'strategic: a container changed': async (api) =>
      api.patch(
        'strategic',
        await rolled(api),
        {spec: {template: {spec: {containers: [{name: 'main', env: [{name: 'A', value: '1'}]}]}}}},
        {see: containers},
      ),
    'strategic: a container added': async (api) =>
      api.patch(
        'strategic',
        await rolled(api),
        {spec: {template: {spec: {containers: [container('sleep 1', {name: 'second'})]}}}},
        {see: containers},
      ),
    'strategic: the order of what is named and what is not': async (api) => {
      const named = (...list: string[]) => list.map((name) => container('sleep 1', {name}));
      const body = deployment(api.name, 0);
      body.spec.template.spec.containers = named('a', 'b', 'c', 'd');
      await api.does('POST', 'deployments', body);
      const names = (answer: Loose) => containers(answer).map(({name}: Loose) => name);
      for (const list of [['c', 'new', 'a'], ['d'], ['other', 'b'], ['b', 'last']]) {
        const patch = {spec: {template: {spec: {containers: named(...list)}}}};
        await api.patch('strategic', `deployments/${api.name}`, patch, {see: names});
      }
    },
    'strategic: a container taken away': async (api) => {
      const path = await rolled(api);
      await api.patch(
        'strategic',
        path,
        {
          spec: {
            template: {spec: {containers: [container('sleep 1', {name: 'second'}), {name: 'main', $patch: 'delete'}]}},
          },
        },
        {see: containers},
      );
    },
    'strategic: a container without a name': async (api) =>
      api.patch('strategic', await rolled(api), {spec: {template: {spec: {containers: [{image}]}}}}),
    'strategic: a container in no list': async (api) =>
      api.patch('strategic', await rolled(api), {spec: {template: {spec: {containers: {name: 'main'}}}}}),
    'strategic: the strategy replaced': async (api) =>
      api.patch(
        'strategic',
        await rolled(api),
        {spec: {strategy: {$retainKeys: ['type'], type: 'Recreate'}}},
        {see: ({spec}) => spec.strategy},
      ),
    'strategic: the strategy and what it no longer has': async (api) =>
      api.patch('strategic', await rolled(api), {spec: {strategy: {type: 'Recreate'}}}),
    'strategic: finalizers': async (api) => {
      const path = await made(api, {}, {finalizers: ['example.org/a']});
      await api.patch('strategic', path, {metadata: {finalizers: ['example.org/b']}});
      await api.patch('strategic', path, {
        metadata: {'$deleteFromPrimitiveList/finalizers': ['example.org/a', 'example.org/b']},
      });
    },
    'strategic: an unknown directive': async (api) => api.patch('strategic', await made(api), {data: {$patch: 'swap'}}),
    'strategic: replace': async (api) => api.patch('strategic', await made(api), {data: {$patch: 'replace', z: '1'}}),
    'a patch of an unknown type': async (api) =>
      api.call('PATCH', await made(api), {}, {headers: {'content-type': 'application/json'}}),
    'a patch of a collection': (api) => api.patch('merge', 'configmaps', {}),
    'a pod template that no longer fits its selector': async (api) =>
      api.patch('merge', await rolled(api), {spec: {template: {metadata: {labels: {app: 'other'}}}}}),
    'many patches at once': async (api) => {
      const path = await made(api, {});
      const one = (key: string) =>
        api.does('PATCH', path, {data: {[key]: '1'}}, {'content-type': 'application/merge-patch+json'});
      await Promise.all(['a', 'b', 'c', 'd'].map(one));
      await api.get(path);
    },
  }),
};
