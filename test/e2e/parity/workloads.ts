import type {Loose} from '../../support/practice.ts';
import {cases, type Topic} from './case.ts';
import {container, deployment, image} from './objects.ts';

const merge = {'content-type': 'application/merge-patch+json'};

/** Workloads: scale and status subresources, rollouts. */
export const workloads: Topic = {
  name: 'workloads',
  cases: cases({
    'a scale': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      await api.until(`deployments/${api.name}`, ({status}) => status?.observedGeneration === 1);
      const scale = await api.get(`deployments/${api.name}/scale`);
      await api.put(`deployments/${api.name}/scale`, {...scale, spec: {replicas: 1}}, {see: ({spec}) => spec});
      await api.put(`deployments/${api.name}/scale`, {...scale, spec: {replicas: 2}});
    },
    'a scale by a patch': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      const see = ({spec}: Loose) => spec;
      await api.patch('merge', `deployments/${api.name}/scale`, {spec: {replicas: 1}}, {see});
      await api.patch('json', `deployments/${api.name}/scale`, [{op: 'replace', path: '/spec/replicas', value: 0}], {
        see,
      });
      await api.patch('strategic', `deployments/${api.name}/scale`, {spec: {replicas: 1}}, {see});
      await api.patch('merge', `deployments/${api.name}/scale?dryRun=All`, {spec: {replicas: 5}}, {see});
      await api.get(`deployments/${api.name}/scale`, {see});
    },
    'a scale below zero': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      await api.patch('merge', `deployments/${api.name}/scale`, {spec: {replicas: -1}});
    },
    'a scale in words': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      await api.patch('merge', `deployments/${api.name}/scale`, {spec: {replicas: 'two'}}, {see: () => ''});
    },
    'a scale of another name': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      await api.put(`deployments/${api.name}/scale`, {
        metadata: {name: 'other', namespace: api.namespace},
        spec: {replicas: 1},
      });
    },
    'a scale of another kind': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      await api.put(`deployments/${api.name}/scale`, deployment(api.name, 1));
    },
    'a scale of what is not there': (api) => api.get('deployments/none/scale'),
    'a scale of a ReplicaSet': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      const {items} = await api.until(`replicasets?labelSelector=app%3D${api.name}`, (list) => list.items.length > 0);
      await api.get(`replicasets/${items[0].metadata.name}/scale`, {see: ({kind, spec}) => ({kind, spec})});
    },
    'a scale of a DaemonSet': (api) => api.get('daemonsets/none/scale'),
    'status by its subresource alone': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      await api.until(`deployments/${api.name}`, ({status}) => status?.conditions?.length > 1);
      const see = ({metadata, spec, status}: Loose) => [
        metadata.labels,
        spec.replicas,
        status.conditions?.map(({type}: Loose) => type),
      ];
      const told = {
        type: 'Told',
        status: 'True',
        lastUpdateTime: '2020-01-01T00:00:00Z',
        lastTransitionTime: '2020-01-01T00:00:00Z',
      };
      await api.patch(
        'strategic',
        `deployments/${api.name}/status`,
        {metadata: {labels: {a: 'b'}}, spec: {replicas: 7}, status: {conditions: [told]}},
        {see},
      );
    },
    'a Deployment that is up': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 2));
      await api.until(`deployments/${api.name}`, ({status}) => status?.availableReplicas === 2);
      await api.get(`deployments/${api.name}`, {
        see: ({status}) => ({
          ...status,
          conditions: status.conditions.map(({type, status: is, reason}: Loose) => [type, is, reason]).toSorted(),
        }),
      });
    },
    'a rollout that cannot go on': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 1, {strategy: {rollingUpdate: {maxUnavailable: 0}}}));
      await api.until(`deployments/${api.name}`, ({status}) => status?.availableReplicas === 1);
      await api.does(
        'PATCH',
        `deployments/${api.name}`,
        {spec: {template: {spec: {containers: [{...container('sleep 1'), image: 'nowhere:1'}]}}}},
        merge,
      );
      // For a moment Kubernetes says that it made a ReplicaSet (`NewReplicaSetCreated`).
      await api.until(
        `deployments/${api.name}`,
        ({status}) =>
          status.replicas === 2 && status.conditions.some(({reason}: Loose) => reason === 'ReplicaSetUpdated'),
      );
      await api.get(`deployments/${api.name}`, {
        see: ({status}) => ({
          ...status,
          conditions: status.conditions.map(({type, status: is, reason}: Loose) => [type, is, reason]).toSorted(),
        }),
      });
    },
    'a restart as kubectl does it': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name));
      await api.until(`deployments/${api.name}`, ({status}) => status?.availableReplicas === 1);
      const annotations = {'kubectl.kubernetes.io/restartedAt': 'now'};
      await api.does('PATCH', `deployments/${api.name}`, {spec: {template: {metadata: {annotations}}}}, merge);
      await api.until(
        `deployments/${api.name}`,
        ({status}) => status.observedGeneration === 2 && status.replicas === 1 && status.updatedReplicas === 1,
      );
      const {items} = await api.does('GET', `replicasets?labelSelector=app%3D${api.name}`);
      api.notes(
        items
          .map(({spec, metadata}: Loose) => [metadata.annotations['deployment.kubernetes.io/revision'], spec.replicas])
          .toSorted(),
      );
    },
    'a pod taken away comes back under another name': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name));
      const at = `pods?labelSelector=app%3D${api.name}`;
      const before = await api.until(at, ({items}) => items.length === 1);
      const name = before.items[0].metadata.name;
      await api.does('DELETE', `pods/${name}?gracePeriodSeconds=0`);
      const after = await api.until(at, ({items}) => items.length === 1 && items[0].metadata.name !== name);
      api.notes(Object.keys(after.items[0].metadata.labels).toSorted());
    },
    'a paused Deployment': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 1, {paused: true}));
      await api.until(`deployments/${api.name}`, ({status}) => status?.observedGeneration === 1);
      await api.get(`replicasets?labelSelector=app%3D${api.name}`, {see: ({items}) => items.length});
      await api.get(`pods?labelSelector=app%3D${api.name}`, {see: ({items}) => items.length});
    },
    'a DaemonSet': async (api) => {
      const body = deployment(api.name);
      const spec = {selector: body.spec.selector, template: body.spec.template};
      spec.template.spec.containers[0].image = image;
      await api.post(
        'daemonsets',
        {apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: body.metadata, spec},
        {see: ({spec: {updateStrategy, revisionHistoryLimit}}) => ({updateStrategy, revisionHistoryLimit})},
      );
      await api.until(
        `daemonsets/${api.name}`,
        ({status}) => status?.numberReady > 0 && status.numberReady === status.desiredNumberScheduled,
      );
      await api.get(`daemonsets/${api.name}`, {see: ({status}) => status});
    },
    'a Service and its endpoints': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name));
      await api.post(
        'services',
        {
          metadata: {name: api.name},
          spec: {selector: {app: api.name}, ports: [{name: 'http', port: 80, targetPort: 8080}]},
        },
        {see: ({spec: {clusterIP: _, clusterIPs: __, ...spec}}) => spec},
      );
      const {items} = await api.until(
        `endpointslices?labelSelector=kubernetes.io/service-name%3D${api.name}`,
        (list) => list.items[0]?.endpoints?.[0]?.conditions.ready === true,
      );
      const [{addressType, ports, endpoints, metadata}] = items;
      api.notes({
        addressType,
        ports,
        labels: metadata.labels,
        endpoints: endpoints.map(({conditions, targetRef, nodeName}: Loose) => ({
          conditions,
          kind: targetRef.kind,
          nodeName,
        })),
      });
    },
  }),
};
