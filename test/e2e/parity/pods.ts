import type {Loose} from '../../support/practice.ts';
import type {Api} from './api.ts';
import {cases, type Topic} from './case.ts';
import {budget, container, eviction, pod} from './objects.ts';

const run = async (api: Api, containers?: Loose[], more?: Loose): Promise<string> => {
  await api.does('POST', 'pods', pod(api.name, containers, more));
  await api.until(`pods/${api.name}`, ({status}) => status?.phase === 'Running');
  return `pods/${api.name}`;
};
const labelled = (api: Api) => ({metadata: {labels: {app: api.name}}});
/** A pod with a budget that its controller has seen. */
const guarded = async (api: Api, limit: object, containers?: Loose[], more: Loose = labelled(api)): Promise<string> => {
  const path = await run(api, containers, more);
  await api.does('POST', 'poddisruptionbudgets', budget(api.name, limit));
  await api.until(`poddisruptionbudgets/${api.name}`, ({status}) => status?.observedGeneration === 1);
  return path;
};
const loud = [container('echo one; echo two; echo three; sleep 3600')];
const written = (api: Api) => api.until(`pods/${api.name}/log`, (text) => /three/.test(text));
/** The state of a container without its times and identities. */
const states = ({status}: Loose) => ({
  phase: status.phase,
  containers: status.containerStatuses?.map(({name, ready, started, restartCount, state}: Loose) => ({
    name,
    ready,
    started,
    restartCount,
    state: Object.fromEntries(
      Object.entries<Loose>(state).map(([key, {reason, exitCode, message: _}]) => [key, {reason, exitCode}]),
    ),
  })),
  conditions: status.conditions
    ?.map(({type, status: is, reason}: Loose) => [type, is, reason].join(' ').trim())
    .filter((text: string) => !/^(PodReadyToStart|PodScheduled)/.test(text))
    .toSorted(),
});

/** Pods: what becomes of them, their logs, evictions. */
export const pods: Topic = {
  name: 'pods',
  cases: cases({
    'a pod that runs': async (api) => api.get(await run(api), {see: states}),
    'the spec of a pod': async (api) =>
      api.get(await run(api), {
        see: ({spec}) => ({
          ...spec,
          volumes: [],
          containers: spec.containers.map(({volumeMounts: _, ...rest}: Loose) => rest),
        }),
      }),
    'a pod that is done': async (api) => {
      await api.does('POST', 'pods', pod(api.name, [container('exit 0')], {spec: {restartPolicy: 'Never'}}));
      await api.until(`pods/${api.name}`, ({status}) => status?.phase === 'Succeeded');
      await api.get(`pods/${api.name}`, {see: states});
    },
    'a pod that failed': async (api) => {
      await api.does('POST', 'pods', pod(api.name, [container('exit 3')], {spec: {restartPolicy: 'Never'}}));
      await api.until(`pods/${api.name}`, ({status}) => status?.phase === 'Failed');
      await api.get(`pods/${api.name}`, {see: states});
    },
    'a pod that no node takes': async (api) => {
      await api.does('POST', 'pods', pod(api.name, undefined, {spec: {nodeSelector: {none: 'such'}}}));
      await api.until(`pods/${api.name}`, ({status}) => status?.conditions?.length > 0);
      await api.get(`pods/${api.name}`, {
        see: ({status}) => [
          status.phase,
          status.conditions.map(({type, status: is, reason}: Loose) => [type, is, reason]),
        ],
      });
      await api.get(`pods/${api.name}/log`);
    },
    'a pod whose image is nowhere': async (api) => {
      await api.does('POST', 'pods', pod(api.name, [container('exit 0', {image: 'nowhere:1'})]));
      await api.until(`pods/${api.name}`, ({status}) =>
        /Image/.test(status?.containerStatuses?.[0]?.state.waiting?.reason),
      );
      await api.get(`pods/${api.name}`, {see: states});
      await api.get(`pods/${api.name}/log`);
    },
    'another image of a running pod': async (api) =>
      api.patch(
        'merge',
        await run(api),
        {spec: {containers: [{...container('sleep 3600'), env: [{name: 'A'}]}]}},
        {see: () => ''},
      ),
    'another node of a running pod': async (api) => api.patch('merge', await run(api), {spec: {nodeName: 'other'}}),
    'a log': async (api) => {
      const path = await run(api, loud);
      await written(api);
      await api.get(`${path}/log`);
      await api.get(`${path}/log?tailLines=1`);
      await api.get(`${path}/log?tailLines=0`);
      await api.get(`${path}/log?limitBytes=5`);
      await api.get(`${path}/log?sinceSeconds=3600&tailLines=2`);
      await api.get(`${path}/log?timestamps=true&tailLines=1`);
      await api.get(`${path}/log?sinceTime=2100-01-01T00:00:00Z`);
    },
    'a log by wrong options': async (api) => {
      const path = await run(api, loud);
      await api.get(`${path}/log?tailLines=-1`);
      await api.get(`${path}/log?tailLines=many`);
      await api.get(`${path}/log?limitBytes=0`);
      await api.get(`${path}/log?sinceSeconds=0`);
      await api.get(`${path}/log?sinceTime=yesterday`);
      await api.get(`${path}/log?sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z`);
    },
    'a log of an unknown pod': (api) => api.get('pods/none/log'),
    'a log of an unknown container': async (api) => api.get(`${await run(api)}/log?container=other`),
    'a log of one of two containers': async (api) => {
      const path = await run(api, [...loud, container('echo other; sleep 3600', {name: 'second'})]);
      await api.get(`${path}/log`);
      await api.until(`${path}/log?container=second`, (text) => /other/.test(text));
      await api.get(`${path}/log?container=second`);
    },
    'a log of a container before this one': async (api) => api.get(`${await run(api)}/log?previous=true`),
    'a log of a container that was started again': async (api) => {
      await api.does('POST', 'pods', pod(api.name, [container('echo first; exit 1')]));
      await api.until(`pods/${api.name}`, ({status}) => status?.containerStatuses?.[0]?.restartCount > 0);
      await api.until(`pods/${api.name}/log?previous=true`, (text) => text === 'first\n');
      await api.get(`pods/${api.name}/log?previous=true&tailLines=1`);
    },
    'a log that is followed to its end': async (api) => {
      const once = {spec: {restartPolicy: 'Never'}};
      await api.does('POST', 'pods', pod(api.name, [container('echo one; sleep 2; echo two; exit 0')], once));
      // It may be over before anybody looks.
      await api.until(`pods/${api.name}`, ({status}) => ['Running', 'Succeeded'].includes(status?.phase));
      await api.follow(`pods/${api.name}/log?follow=true`, {});
    },
    'an eviction without a budget': async (api) => {
      const path = await run(api);
      await api.post(`${path}/eviction`, eviction(api.name));
      await api.until(path, (_, status) => status === 404);
    },
    'an eviction that its budget refuses': async (api) =>
      api.post(`${await guarded(api, {minAvailable: 1})}/eviction`, eviction(api.name)),
    'an eviction of a pod without an owner, of whose kind one may go': async (api) =>
      api.post(`${await guarded(api, {maxUnavailable: 1})}/eviction`, eviction(api.name)),
    'an eviction of a pod without an owner, by a share': async (api) =>
      api.post(`${await guarded(api, {minAvailable: '100%'})}/eviction`, eviction(api.name)),
    'an eviction as a dry run, refused': async (api) =>
      api.post(`${await guarded(api, {minAvailable: 1})}/eviction?dryRun=All`, eviction(api.name)),
    'an eviction as a dry run': async (api) => {
      const path = await run(api);
      await api.post(`${path}/eviction`, eviction(api.name, {dryRun: ['All']}));
      await api.get(path, {see: ({metadata}) => metadata.deletionTimestamp});
    },
    'an eviction of an unknown pod': (api) => api.post('pods/none/eviction', eviction('none')),
    'an eviction under another name': async (api) => api.post(`${await run(api)}/eviction`, eviction('other')),
    'an eviction without a body': async (api) => api.post(`${await run(api)}/eviction`, ''),
    'an eviction of another kind': async (api) =>
      api.post(`${await run(api)}/eviction`, {kind: 'Pod', apiVersion: 'v1', metadata: {name: api.name}}),
    'an eviction of another UID': async (api) =>
      api.post(
        `${await run(api)}/eviction`,
        eviction(api.name, {preconditions: {uid: '00000000-0000-0000-0000-000000000000'}}),
      ),
    'an eviction with two budgets': async (api) => {
      const path = await guarded(api, {minAvailable: 0});
      await api.does('POST', 'poddisruptionbudgets', budget(`${api.name}-two`, {minAvailable: 0}, api.name));
      await api.until(`poddisruptionbudgets/${api.name}-two`, ({status}) => status?.observedGeneration === 1);
      await api.post(`${path}/eviction`, eviction(api.name));
    },
    'an eviction of a pod that is not ready': async (api) => {
      const probe = {httpGet: {path: '/', port: 80}};
      const path = await guarded(api, {minAvailable: 1}, [container('sleep 3600', {readinessProbe: probe})]);
      await api.post(`${path}/eviction`, eviction(api.name));
    },
    'an eviction of a pod that is done': async (api) => {
      const more = {...labelled(api), spec: {restartPolicy: 'Never'}};
      await api.does('POST', 'pods', pod(api.name, [container('exit 0')], more));
      await api.until(`pods/${api.name}`, ({status}) => status?.phase === 'Succeeded');
      await api.does('POST', 'poddisruptionbudgets', budget(api.name, {minAvailable: 1}));
      await api.until(`poddisruptionbudgets/${api.name}`, ({status}) => status?.observedGeneration === 1);
      await api.post(`pods/${api.name}/eviction`, eviction(api.name));
    },
    'an eviction before the budget was seen': async (api) => {
      const path = await run(api, undefined, labelled(api));
      await api.does('POST', 'poddisruptionbudgets', budget(api.name, {minAvailable: 1}));
      await api.post(`${path}/eviction`, eviction(api.name), {see: ({status}) => status});
    },
    'the status of a budget': async (api) => {
      await guarded(api, {minAvailable: 1});
      await api.get(`poddisruptionbudgets/${api.name}`, {see: ({status}) => status});
    },
    'a binding to an unknown node': async (api) => {
      await api.does('POST', 'pods', pod(api.name, undefined, {spec: {schedulerName: 'nobody'}}));
      await api.post(`pods/${api.name}/binding`, {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: {name: api.name},
        target: {kind: 'Node', name: 'none'},
      });
    },
    'a binding of a pod that has its node': async (api) => {
      await run(api);
      const {spec} = await api.does('GET', `pods/${api.name}`);
      await api.post(`pods/${api.name}/binding`, {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: {name: api.name},
        target: {kind: 'Node', name: spec.nodeName},
      });
    },
    'a pod as it prints': async (api) => {
      const path = await run(api);
      const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
      await api.get(path, {
        headers: {accept},
        see: ({columnDefinitions, rows}) => [
          columnDefinitions.map(({name, priority, type}: Loose) => [name, priority, type]),
          rows[0].cells.slice(0, 4),
        ],
      });
    },
    'the status of a pod by its subresource': async (api) => {
      const path = await run(api);
      await api.patch(
        'merge',
        `${path}/status`,
        {metadata: {labels: {a: 'b'}}, status: {message: 'told'}, spec: {nodeName: 'x'}},
        {see: ({metadata, status}) => [metadata.labels, status.message]},
      );
    },
  }),
};
