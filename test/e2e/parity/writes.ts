import type {Loose} from '../../support/practice.ts';
import {cases, type Topic} from './case.ts';
import {budget, configMap, deployment, lease, pod, service} from './objects.ts';

const strict = 'fieldValidation=Strict';
const other = '00000000-0000-0000-0000-000000000000';

/** Creating and replacing: bodies, names, fields, dry runs, revisions. */
export const writes: Topic = {
  name: 'writes',
  cases: cases({
    'a ConfigMap': (api) => api.post('configmaps', configMap(api.name)),
    'an object without apiVersion and kind': (api) =>
      api.post('configmaps', {metadata: {name: api.name}, data: {a: '1'}}),
    'an object of another kind': (api) => api.post('configmaps', {...configMap(api.name), kind: 'Secret'}),
    'an object of another version': (api) =>
      api.post('deployments', {...deployment(api.name), apiVersion: 'apps/v1beta1'}),
    'an object of another namespace': (api) => api.post('configmaps', configMap(api.name, {}, {namespace: 'default'})),
    'an object into an unknown namespace': (api) => api.post('/api/v1/namespaces/none/configmaps', configMap(api.name)),
    'an object without a name': (api) => api.post('configmaps', {data: {}}),
    'an object with a bad name': (api) => api.post('configmaps', configMap('Not_A_Name')),
    'an object with a generated name': (api) => api.post('configmaps', {metadata: {generateName: 'generated-'}}),
    'an object with a bad generated name': (api) => api.post('configmaps', {metadata: {generateName: 'Generated_'}}),
    'an object that is there': async (api) => {
      await api.does('POST', 'configmaps', configMap(api.name));
      await api.post('configmaps', configMap(api.name));
    },
    'an object with a resource version': (api) =>
      api.post('configmaps', configMap(api.name, {}, {resourceVersion: '1'})),
    'an object with a UID of its own': (api) => api.post('configmaps', configMap(api.name, {}, {uid: other})),
    'an object that is already going': (api) =>
      api.post('configmaps', configMap(api.name, {}, {deletionTimestamp: '2020-01-01T00:00:00Z', generation: 7})),
    'a body that is no JSON': (api) => api.post('configmaps', '{"broken'),
    'a body that is no object': (api) => api.post('configmaps', '[]'),
    'no body': (api) => api.post('configmaps', ''),
    YAML: (api) =>
      api.post('configmaps', `metadata:\n  name: ${api.name}\ndata:\n  a: "1"\n`, {
        headers: {'content-type': 'application/yaml'},
      }),
    'a body of an unknown type': (api) => api.post('configmaps', 'a=b', {headers: {'content-type': 'text/csv'}}),
    'a value of a wrong type': (api) => api.post('configmaps', configMap(api.name, {a: 1})),
    'data that is no map': (api) => api.post('configmaps', configMap(api.name, 'text')),
    'a bad key of data': (api) => api.post('configmaps', configMap(api.name, {'a/b': '1'})),
    'a Secret that is not base64': (api) => api.post('secrets', {metadata: {name: api.name}, data: {a: 'not base64!'}}),
    'a label with a bad value': (api) => api.post('configmaps', configMap(api.name, {}, {labels: {a: '-b'}})),
    'a label with a bad key': (api) => api.post('configmaps', configMap(api.name, {}, {labels: {a_: 'b'}})),
    'an annotation with a bad key': (api) =>
      api.post('configmaps', configMap(api.name, {}, {annotations: {'a b': 'c'}})),
    'a finalizer without a domain': (api) => api.post('configmaps', configMap(api.name, {}, {finalizers: ['hold']})),
    'an owner without a UID': (api) =>
      api.post(
        'configmaps',
        configMap(api.name, {}, {ownerReferences: [{apiVersion: 'v1', kind: 'ConfigMap', name: 'x'}]}),
      ),
    'an unknown field': (api) => api.post('configmaps', {...configMap(api.name), colour: 'red'}),
    'an unknown field, strictly': (api) => api.post(`configmaps?${strict}`, {...configMap(api.name), colour: 'red'}),
    'an unknown field, with a warning': (api) =>
      api.post('configmaps?fieldValidation=Warn', {...configMap(api.name), colour: 'red'}),
    'an unknown field of a Deployment, strictly': (api) =>
      api.post(`deployments?${strict}`, deployment(api.name, 1, {paused: true, colour: 'red'})),
    'an unknown field of a pod, strictly': (api) =>
      api.post(`pods?${strict}`, pod(api.name, undefined, {spec: {colour: 'red'}})),
    'an unknown field of a container, with a warning': (api) => {
      const body = deployment(api.name, 0);
      body.spec.template.spec.containers[0].colour = 'red';
      return api.post('deployments?fieldValidation=Warn', body, {see: ({spec}) => spec.template.spec.containers});
    },
    'a field twice, strictly': (api) =>
      api.post(`configmaps?${strict}`, `{"metadata":{"name":"${api.name}"},"data":{"a":"1","a":"2"}}`),
    'an unknown field validation': (api) => api.post('configmaps?fieldValidation=Sometimes', configMap(api.name)),
    'a field manager that is too long': (api) =>
      api.post(`configmaps?fieldManager=${'m'.repeat(129)}`, configMap(api.name)),
    'a dry run': async (api) => {
      await api.post('configmaps?dryRun=All', configMap(api.name));
      await api.get(`configmaps/${api.name}`);
    },
    'a dry run of an unknown kind': (api) => api.post('configmaps?dryRun=Some', configMap(api.name)),
    'a dry run of a bad object': (api) => api.post('configmaps?dryRun=All', configMap('Not_A_Name')),
    'a Deployment without a selector': (api) => api.post('deployments', deployment(api.name, 1, {selector: undefined})),
    'a Deployment whose selector is another one': (api) =>
      api.post('deployments', deployment(api.name, 1, {selector: {matchLabels: {app: 'other'}}})),
    'a Deployment with fewer than no pods': (api) => api.post('deployments', deployment(api.name, -1)),
    'a Deployment with replicas in words': (api) => api.post('deployments', deployment(api.name, 1, {replicas: 'two'})),
    'a Deployment without containers': (api) =>
      api.post('deployments', deployment(api.name, 1, {template: {metadata: {labels: {app: api.name}}, spec: {}}})),
    'a Deployment with an unknown strategy': (api) =>
      api.post('deployments', deployment(api.name, 0, {strategy: {type: 'Sudden'}})),
    'a Deployment that may lose nothing and add nothing': (api) =>
      api.post('deployments', deployment(api.name, 0, {strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}})),
    'a pod that never restarts, in a Deployment': (api) => {
      const body = deployment(api.name);
      body.spec.template.spec.restartPolicy = 'Never';
      return api.post('deployments', body);
    },
    'a pod without containers': (api) => api.post('pods', pod(api.name, [])),
    'a pod without an image': (api) => api.post('pods', pod(api.name, [{name: 'main'}])),
    'a pod with two containers of one name': (api) =>
      api.post(
        'pods',
        pod(api.name, [
          {name: 'a', image: 'x'},
          {name: 'a', image: 'x'},
        ]),
      ),
    'a pod with a bad restart policy': (api) =>
      api.post('pods', pod(api.name, undefined, {spec: {restartPolicy: 'Sometimes'}})),
    'a pod with a volume mount of nothing': (api) =>
      api.post('pods', pod(api.name, [{name: 'a', image: 'x', volumeMounts: [{name: 'v', mountPath: '/v'}]}])),
    'a pod with a bad container name': (api) => api.post('pods', pod(api.name, [{name: 'A', image: 'x'}])),
    'a pod with a port out of range': (api) =>
      api.post('pods', pod(api.name, [{name: 'a', image: 'x', ports: [{containerPort: 70000}]}])),
    'a pod with an unknown ServiceAccount': (api) =>
      api.post('pods', pod(api.name, undefined, {spec: {serviceAccountName: 'none'}})),
    'a pod with a bad quantity': (api) =>
      api.post('pods', pod(api.name, [{name: 'a', image: 'x', resources: {limits: {cpu: 'much'}}}])),
    'a pod with a probe of nothing': (api) =>
      api.post('pods', pod(api.name, [{name: 'a', image: 'x', readinessProbe: {periodSeconds: 1}}])),
    'a Service without ports': (api) => api.post('services', service(api.name, {ports: []})),
    'a Service with a bad port': (api) => api.post('services', service(api.name, {ports: [{port: 0}]})),
    'a Service with two ports without names': (api) =>
      api.post('services', service(api.name, {ports: [{port: 1}, {port: 2}]})),
    'a Service with a bad name': (api) => api.post('services', service('1st')),
    'a Service with a bad address': (api) => api.post('services', service(api.name, {clusterIP: '1.2.3.4'})),
    'a Service of an unknown type': (api) => api.post('services', service(api.name, {type: 'Tunnel'})),
    'a Service with its address changed': async (api) => {
      const made = await api.does('POST', 'services', service(api.name));
      made.spec.clusterIP = 'None';
      made.spec.clusterIPs = ['None'];
      await api.put(`services/${api.name}`, made, {see: ({status}) => status});
    },
    'a PodDisruptionBudget with both limits': (api) =>
      api.post('poddisruptionbudgets', budget(api.name, {minAvailable: 1, maxUnavailable: 1})),
    'a PodDisruptionBudget with a bad share': (api) =>
      api.post('poddisruptionbudgets', budget(api.name, {minAvailable: '150%'})),
    'a PodDisruptionBudget below zero': (api) => api.post('poddisruptionbudgets', budget(api.name, {minAvailable: -1})),
    'a NetworkPolicy with a bad port': (api) =>
      api.post('networkpolicies', {
        metadata: {name: api.name},
        spec: {podSelector: {}, ingress: [{ports: [{port: 70000}]}]},
      }),
    'a NetworkPolicy with a bad type': (api) =>
      api.post('networkpolicies', {metadata: {name: api.name}, spec: {podSelector: {}, policyTypes: ['Both']}}),
    'a NetworkPolicy with a bad address block': (api) =>
      api.post('networkpolicies', {
        metadata: {name: api.name},
        spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 'x'}}]}]},
      }),
    'a namespace with a bad name': (api) => api.post('/api/v1/namespaces', {metadata: {name: 'a.b'}}),
    'a namespace that is there': (api) => api.post('/api/v1/namespaces', {metadata: {name: 'default'}}),
    'a Lease that lasts less than no time': (api) => api.post('leases', lease(api.name, {leaseDurationSeconds: -1})),
    'a Lease with a time that is none': (api) => api.post('leases', lease(api.name, {renewTime: 'now'})),
    'a replacement': async (api) => {
      const made = await api.does('POST', 'configmaps', configMap(api.name));
      await api.put(`configmaps/${api.name}`, {...made, data: {b: '2'}});
    },
    'a replacement without a revision': async (api) => {
      await api.does('POST', 'configmaps', configMap(api.name));
      await api.put(`configmaps/${api.name}`, configMap(api.name, {b: '2'}));
    },
    'a replacement at an old revision': async (api) => {
      const made = await api.does('POST', 'configmaps', configMap(api.name));
      await api.does('PUT', `configmaps/${api.name}`, {...made, data: {b: '2'}});
      await api.put(`configmaps/${api.name}`, {...made, data: {b: '3'}});
    },
    'a replacement at a revision that is none': async (api) => {
      await api.does('POST', 'configmaps', configMap(api.name));
      await api.put(`configmaps/${api.name}`, configMap(api.name, {}, {resourceVersion: 'abc'}));
    },
    'a replacement of another UID': async (api) => {
      await api.does('POST', 'configmaps', configMap(api.name));
      await api.put(`configmaps/${api.name}`, configMap(api.name, {}, {uid: other}));
    },
    'a replacement with another name': async (api) => {
      await api.does('POST', 'configmaps', configMap(api.name));
      await api.put(`configmaps/${api.name}`, configMap('other'));
    },
    'a replacement of what is not there': (api) => api.put(`configmaps/${api.name}`, configMap(api.name)),
    'a replacement at a revision of what is not there': (api) =>
      api.put(`configmaps/${api.name}`, configMap(api.name, {}, {resourceVersion: '1'})),
    'a Lease made by a replacement': (api) => api.put(`leases/${api.name}`, lease(api.name)),
    'a Role made by a replacement': (api) =>
      api.put(`roles/${api.name}`, {
        metadata: {name: api.name},
        rules: [{apiGroups: [''], resources: ['pods'], verbs: ['get']}],
      }),
    'a Service made by a replacement': (api) => api.put(`services/${api.name}`, service(api.name, {clusterIP: 'None'})),
    'a Deployment made by a replacement': (api) => api.put(`deployments/${api.name}`, deployment(api.name, 0)),
    'a Lease renewed at an old revision': async (api) => {
      const made = await api.does('POST', 'leases', lease(api.name));
      await api.does('PUT', `leases/${api.name}`, {...made, spec: {holderIdentity: 'you'}});
      await api.put(`leases/${api.name}`, {...made, spec: {holderIdentity: 'me'}});
    },
    'a replacement that changes nothing': async (api) => {
      const made = await api.does('POST', 'configmaps', configMap(api.name));
      const again = await api.put(`configmaps/${api.name}`, made);
      api.notes(again.metadata.resourceVersion === made.metadata.resourceVersion);
    },
    'a replacement as a dry run': async (api) => {
      const made = await api.does('POST', 'configmaps', configMap(api.name));
      await api.put(`configmaps/${api.name}?dryRun=All`, {...made, data: {b: '2'}});
      await api.get(`configmaps/${api.name}`);
    },
    'another selector of a Deployment': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      const live = await api.until(`deployments/${api.name}`, ({status}) => status?.observedGeneration === 1);
      const labels = {app: api.name, more: 'yes'};
      live.spec.selector = {matchLabels: labels};
      live.spec.template.metadata.labels = labels;
      delete live.metadata.resourceVersion;
      await api.put(`deployments/${api.name}`, live);
    },
    'generations count changes of the spec': async (api) => {
      const seen: Loose[] = [];
      const generation = async (body: Loose) => {
        const {metadata} = await api.does('PATCH', `deployments/${api.name}`, body, {
          'content-type': 'application/merge-patch+json',
        });
        seen.push(metadata.generation);
      };
      seen.push((await api.does('POST', 'deployments', deployment(api.name, 0))).metadata.generation);
      await generation({metadata: {labels: {a: 'b'}}});
      await generation({spec: {minReadySeconds: 1}});
      await generation({spec: {minReadySeconds: 1}});
      api.notes(seen);
    },
    'the form of a frozen ConfigMap': async (api) => {
      await api.does('POST', 'configmaps', {...configMap(api.name), immutable: true});
      await api.patch('merge', `configmaps/${api.name}`, {data: {a: '2'}});
    },
    'another type of a Secret': async (api) => {
      await api.does('POST', 'secrets', {metadata: {name: api.name}});
      await api.patch('merge', `secrets/${api.name}`, {type: 'example.org/other'});
    },
  }),
};
