import type {Loose} from '../../support/practice.ts';
import type {Api} from './api.ts';
import {cases, type Topic} from './case.ts';
import {configMap} from './objects.ts';

const merge = {'content-type': 'application/merge-patch+json'};
const brief = ({type, object}: Loose) => ({
  type,
  name: object.metadata?.name,
  data: object.data,
  message: object.message,
  reason: object.reason,
  code: object.code,
});
const of = (api: Api) => `configmaps?labelSelector=of%3D${api.name}`;
const watch = (api: Api, more = '') => `${of(api)}&watch=true&timeoutSeconds=20${more}`;
const make = (api: Api, name: string, labels: object = {of: api.name}) =>
  api.does('POST', 'configmaps', configMap(`${api.name}-${name}`, {a: '1'}, {labels}));
const change = (api: Api, name: string, body: object) =>
  api.does('PATCH', `configmaps/${api.name}-${name}`, body, merge);

/** Following changes. */
export const watches: Topic = {
  name: 'watches',
  cases: cases({
    'a whole life': async (api) => {
      const {metadata} = await api.does('GET', of(api));
      const act = async () => {
        await make(api, 'x');
        await change(api, 'x', {data: {a: '2'}});
        await api.does('DELETE', `configmaps/${api.name}-x`);
      };
      await api.follow(watch(api, `&resourceVersion=${metadata.resourceVersion}`), {lines: 3, act});
    },
    'from the beginning': async (api) => {
      await make(api, 'x');
      await api.follow(watch(api), {lines: 2, see: brief, act: () => make(api, 'y')});
    },
    'from what the cache has': async (api) => {
      await make(api, 'x');
      const {items} = await api.until(of(api), (list) => list.items.length === 1);
      await api.follow(watch(api, '&resourceVersion=0'), {lines: 1, see: brief});
      api.notes(items.length);
    },
    'from a revision on': async (api) => {
      const {metadata} = await make(api, 'x');
      await change(api, 'x', {data: {a: '2'}});
      await api.follow(watch(api, `&resourceVersion=${metadata.resourceVersion}`), {lines: 1, see: brief});
    },
    'into the selection and out of it': async (api) => {
      const {metadata} = await make(api, 'x', {});
      const act = async () => {
        await change(api, 'x', {metadata: {labels: {of: api.name}}});
        await change(api, 'x', {data: {b: '2'}});
        await change(api, 'x', {metadata: {labels: {of: null}}});
      };
      await api.follow(watch(api, `&resourceVersion=${metadata.resourceVersion}`), {lines: 3, act, see: brief});
    },
    'one object by its name': async (api) => {
      const {metadata} = await make(api, 'x');
      const path = `configmaps?watch=1&timeoutSeconds=20&fieldSelector=metadata.name%3D${api.name}-y&resourceVersion=${metadata.resourceVersion}`;
      const act = async () => {
        await change(api, 'x', {data: {b: '2'}});
        await make(api, 'y');
      };
      await api.follow(path, {lines: 1, act, see: brief});
    },
    'until its time is over': async (api) => {
      await make(api, 'x');
      await api.follow(watch(api).replace('timeoutSeconds=20', 'timeoutSeconds=1'), {see: brief});
    },
    'the first list as events': async (api) => {
      await make(api, 'x');
      const more = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
      await api.follow(watch(api, more), {lines: 2});
    },
    'the first list as events, without a match': (api) => api.get(watch(api, '&sendInitialEvents=true')),
    'a match without the first list': (api) =>
      api.get(watch(api, '&resourceVersionMatch=NotOlderThan&resourceVersion=1')),
    'a revision that is none': (api) => api.get(watch(api, '&resourceVersion=abc')),
    'a selector that is none': (api) => api.get('configmaps?watch=true&labelSelector=a+b'),
    'a field that cannot be selected by': (api) => api.get('configmaps?watch=true&fieldSelector=data.a%3Db'),
    'no time that is a number': (api) => api.get('configmaps?watch=true&timeoutSeconds=soon'),
    'one object by its path': async (api) => {
      await make(api, 'x');
      await api.get(`configmaps/${api.name}-x?watch=true`);
    },
    'an unknown kind': (api) => api.get('/api/v1/things?watch=true'),
    'as a table': async (api) => {
      await make(api, 'x');
      await api.follow(watch(api), {lines: 1, see: ({type, object}) => ({type, kind: object.kind})});
    },
  }),
};
