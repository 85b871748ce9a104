import type {Loose} from '../../support/practice.ts';
import type {Api} from './api.ts';
import {cases, type Topic} from './case.ts';
import {configMap, container, deployment, lease, pod} from './objects.ts';

const other = '00000000-0000-0000-0000-000000000000';
const merge = {'content-type': 'application/merge-patch+json'};
const made = async (api: Api, metadata: object = {}): Promise<Loose> =>
  await api.does('POST', 'configmaps', configMap(api.name, {a: '1'}, metadata));
const gone = (_: Loose, status: number) => status === 404;
const held = {finalizers: ['example.org/hold']};
const phase = ({metadata, status}: Loose) => ({
  deletion: metadata.deletionTimestamp,
  grace: metadata.deletionGracePeriodSeconds,
  finalizers: metadata.finalizers,
  phase: status?.phase,
});
const running = (api: Api) => api.until(`pods/${api.name}`, ({status}) => status?.phase === 'Running');

/** Deleting: how, under which conditions, and what holds it up. */
export const deletions: Topic = {
  name: 'deletions',
  cases: cases({
    'a ConfigMap': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}`);
      await api.get(`configmaps/${api.name}`);
    },
    'what is not there': (api) => api.delete('configmaps/none'),
    'a Lease': async (api) => {
      await api.does('POST', 'leases', lease(api.name));
      await api.delete(`leases/${api.name}`);
    },
    'another UID': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}`, {preconditions: {uid: other}});
    },
    'another revision': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}`, {preconditions: {resourceVersion: '1'}});
    },
    'its UID and its revision': async (api) => {
      const {metadata} = await made(api);
      await api.delete(`configmaps/${api.name}`, {
        preconditions: {uid: metadata.uid, resourceVersion: metadata.resourceVersion},
      });
    },
    'an unknown propagation': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}?propagationPolicy=Sideways`);
    },
    'two kinds of propagation': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}`, {propagationPolicy: 'Orphan', orphanDependents: true});
    },
    'less than no grace': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}`, {gracePeriodSeconds: -1});
    },
    'a dry run': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}?dryRun=All`);
      await api.get(`configmaps/${api.name}`);
    },
    'a dry run of an unknown kind': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}`, {dryRun: ['Some']});
    },
    'options of another kind': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}`, {kind: 'ConfigMap', apiVersion: 'v1'});
    },
    'options that are no JSON': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}`, '{');
    },
    'a finalizer holds it': async (api) => {
      await made(api, held);
      await api.delete(`configmaps/${api.name}`);
      await api.delete(`configmaps/${api.name}`);
      await api.patch('merge', `configmaps/${api.name}`, {data: {b: '2'}});
      await api.patch('merge', `configmaps/${api.name}`, {
        metadata: {finalizers: ['example.org/hold', 'example.org/more']},
      });
      await api.patch('merge', `configmaps/${api.name}`, {metadata: {finalizers: null}});
      await api.get(`configmaps/${api.name}`);
    },
    'made again while a finalizer holds it': async (api) => {
      await made(api, held);
      await api.does('DELETE', `configmaps/${api.name}`);
      await api.post('configmaps', configMap(api.name));
      await api.does('PATCH', `configmaps/${api.name}`, {metadata: {finalizers: null}}, merge);
    },
    'in the foreground, with nothing that hangs on it': async (api) => {
      await made(api);
      await api.delete(`configmaps/${api.name}?propagationPolicy=Foreground`);
      await api.until(`configmaps/${api.name}`, gone);
    },
    'in the foreground, after what hangs on it': async (api) => {
      const {metadata} = await made(api);
      const owner = {apiVersion: 'v1', kind: 'ConfigMap', name: api.name, uid: metadata.uid, blockOwnerDeletion: true};
      await api.does('POST', 'configmaps', configMap(`${api.name}-child`, {}, {ownerReferences: [owner]}));
      await api.delete(`configmaps/${api.name}?propagationPolicy=Foreground`);
      await api.until(`configmaps/${api.name}`, gone);
      await api.get(`configmaps/${api.name}-child`);
    },
    orphaned: async (api) => {
      const {metadata} = await made(api);
      const owner = {apiVersion: 'v1', kind: 'ConfigMap', name: api.name, uid: metadata.uid};
      await api.does('POST', 'configmaps', configMap(`${api.name}-child`, {}, {ownerReferences: [owner]}));
      await api.delete(`configmaps/${api.name}?propagationPolicy=Orphan`);
      await api.until(`configmaps/${api.name}`, gone);
      await api.get(`configmaps/${api.name}-child`, {see: ({metadata: {ownerReferences}}) => ownerReferences});
    },
    'what hangs on something that never was': async (api) => {
      const owner = {apiVersion: 'v1', kind: 'ConfigMap', name: 'never', uid: other};
      await made(api, {ownerReferences: [owner]});
      await api.until(`configmaps/${api.name}`, gone);
    },
    'a collection': async (api) => {
      for (const name of ['one', 'two'])
        await api.does('POST', 'configmaps', configMap(`${api.name}-${name}`, {}, {labels: {of: api.name}}));
      await made(api);
      await api.delete(`configmaps?labelSelector=of%3D${api.name}`);
      await api.get(`configmaps?labelSelector=of%3D${api.name}`);
      await api.get(`configmaps/${api.name}`);
    },
    'a collection with a selector that is none': (api) => api.delete('configmaps?labelSelector=a+b'),
    'a collection as a dry run': async (api) => {
      await made(api, {labels: {of: api.name}});
      await api.delete(`configmaps?labelSelector=of%3D${api.name}&dryRun=All`);
      await api.get(`configmaps/${api.name}`);
    },
    'a collection of nothing': (api) => api.delete('configmaps?labelSelector=of%3Dnothing'),
    'a collection of Services': (api) => api.delete('services?labelSelector=of%3Dnothing'),
    'a pod that runs, with grace': async (api) => {
      const slow = {spec: {terminationGracePeriodSeconds: 20}, metadata: held};
      await api.does('POST', 'pods', pod(api.name, [container('trap "" TERM; sleep 3600')], slow));
      await running(api);
      await api.delete(`pods/${api.name}`, undefined, {see: phase});
      await api.delete(`pods/${api.name}?gracePeriodSeconds=30`, undefined, {see: phase});
      await api.delete(`pods/${api.name}?gracePeriodSeconds=0`, undefined, {see: phase});
      await api.get(`pods/${api.name}`, {see: ({metadata}) => metadata.deletionGracePeriodSeconds});
      await api.does('PATCH', `pods/${api.name}`, {metadata: {finalizers: null}}, merge);
      await api.until(`pods/${api.name}`, gone);
    },
    'a pod by force': async (api) => {
      await api.does('POST', 'pods', pod(api.name));
      await running(api);
      await api.delete(`pods/${api.name}?gracePeriodSeconds=0`, undefined, {see: phase});
      await api.get(`pods/${api.name}`);
    },
    'a pod that no node takes': async (api) => {
      await api.does(
        'POST',
        'pods',
        pod(api.name, undefined, {spec: {nodeSelector: {none: 'such'}, terminationGracePeriodSeconds: 30}}),
      );
      await api.delete(`pods/${api.name}`, undefined, {see: phase});
      await api.get(`pods/${api.name}`);
    },
    'a pod that is done': async (api) => {
      await api.does(
        'POST',
        'pods',
        pod(api.name, [container('exit 0')], {spec: {restartPolicy: 'Never', terminationGracePeriodSeconds: 30}}),
      );
      await api.until(`pods/${api.name}`, ({status}) => status?.phase === 'Succeeded');
      await api.delete(`pods/${api.name}`, undefined, {see: phase});
      await api.until(`pods/${api.name}`, gone);
    },
    'a Deployment, and its pods with it': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name));
      await api.until(`deployments/${api.name}`, ({status}) => status?.readyReplicas === 1);
      await api.delete(`deployments/${api.name}`);
      await api.until(`replicasets?labelSelector=app%3D${api.name}`, ({items}) => items.length === 0);
      await api.until(`pods?labelSelector=app%3D${api.name}`, ({items}) => items.length === 0);
    },
    'a Deployment in the foreground': async (api) => {
      await api.does('POST', 'deployments', deployment(api.name, 0));
      await api.until(`deployments/${api.name}`, ({status}) => status?.observedGeneration === 1);
      await api.delete(`deployments/${api.name}?propagationPolicy=Foreground`, undefined, {see: phase});
      await api.until(`deployments/${api.name}`, gone);
    },
  }),
};
