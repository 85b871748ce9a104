import type {Loose} from '../../support/practice.ts';
import {cases, type Topic} from './case.ts';

const merge = {'content-type': 'application/merge-patch+json'};

/** Namespaces, from the first thing in them to the last. */
export const namespaces: Topic = {
  name: 'namespaces',
  cases: cases({
    'a namespace that is going': async (api) => {
      const name = `${api.namespace}-${api.name}`;
      const inside = `/api/v1/namespaces/${name}`;
      await api.post('/api/v1/namespaces', {metadata: {name}});
      await api.until(`${inside}/serviceaccounts/default`, (_, status) => status === 200);
      await api.does('POST', `${inside}/configmaps`, {metadata: {name: 'held', finalizers: ['example.org/hold']}});
      await api.delete(inside);
      await api.post(`${inside}/configmaps`, {metadata: {name: 'late'}});
      await api.delete(inside, undefined, {
        see: ({metadata, status}) => [metadata.deletionGracePeriodSeconds, status.phase],
      });
      await api.until(inside, ({status}) =>
        status.conditions?.some((one: Loose) => one.type === 'NamespaceFinalizersRemaining' && one.status === 'True'),
      );
      await api.get(inside, {
        see: ({status}) =>
          status.conditions.map(({type, status: is, reason, message}: Loose) => [type, is, reason, message]).toSorted(),
      });
      await api.does('PATCH', `${inside}/configmaps/held`, {metadata: {finalizers: null}}, merge);
      await api.until(inside, (_, status) => status === 404);
    },
    'a namespace with a finalizer of its own': async (api) => {
      const name = `${api.namespace}-${api.name}`;
      await api.does('POST', '/api/v1/namespaces', {metadata: {name, finalizers: ['example.org/hold']}});
      await api.delete(`/api/v1/namespaces/${name}`, undefined, {
        see: ({metadata, status}) => [metadata.finalizers, status.phase],
      });
      await api.until(`/api/v1/namespaces/${name}`, ({spec}) => !spec.finalizers?.length);
      await api.get(`/api/v1/namespaces/${name}`, {
        see: ({metadata, spec, status}) => [metadata.finalizers, spec, status.phase],
      });
      await api.does('PATCH', `/api/v1/namespaces/${name}`, {metadata: {finalizers: null}}, merge);
      await api.get(`/api/v1/namespaces/${name}`);
    },
    'the namespaces that must not go': async (api) => {
      for (const name of ['default', 'kube-system', 'kube-public'])
        await api.delete(`/api/v1/namespaces/${name}?dryRun=All`);
    },
    'the label of a namespace': async (api) => {
      await api.patch(
        'merge',
        `/api/v1/namespaces/${api.namespace}`,
        {metadata: {labels: {'kubernetes.io/metadata.name': null, a: 'b'}}},
        {see: ({metadata}) => metadata.labels},
      );
    },
    'what every namespace has': async (api) => {
      await api.does('DELETE', 'configmaps/kube-root-ca.crt');
      await api.until('configmaps/kube-root-ca.crt', (_, status) => status === 200);
      await api.does('DELETE', 'serviceaccounts/default');
      await api.until('serviceaccounts/default', (_, status) => status === 200);
    },
    'all namespaces at once': (api) => api.delete('/api/v1/namespaces?labelSelector=no%3Dsuch'),
  }),
};
