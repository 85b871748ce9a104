import {readFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {practice, type TestCluster} from '../support/practice.ts';
import {Api} from './parity/api.ts';
import type {Topic} from './parity/case.ts';
import {known} from './parity/differences.ts';
import {type Endpoint, endpointOf} from './parity/endpoint.ts';
import {differences} from './parity/normalise.ts';
import {shell} from './parity/shell.ts';
import {topics} from './parity/topics.ts';
import {clusters} from './support.ts';

const kubeconfig = clusters.multi;
let cluster: TestCluster;
let sides: {practice: Endpoint; kind: Endpoint};

const namespaceOf = (topic: Topic) => `parity-${topic.name}`;
const both = <T>(play: (endpoint: Endpoint) => Promise<T>): Promise<[T, T]> =>
  Promise.all([play(sides.practice), play(sides.kind)]);

async function make(endpoint: Endpoint, topic: Topic): Promise<void> {
  const api = new Api(endpoint, namespaceOf(topic), 'prepared');
  await api.does('POST', '/api/v1/namespaces', {metadata: {name: api.namespace}});
  await api.until('serviceaccounts/default', (_, status) => status === 200);
  await api.until('configmaps/kube-root-ca.crt', (_, status) => status === 200);
  await topic.prepare?.(api);
}

async function take(endpoint: Endpoint, topic: Topic): Promise<void> {
  const api = new Api(endpoint, namespaceOf(topic), '');
  await api.does('DELETE', `/api/v1/namespaces/${api.namespace}`);
  await api.until(`/api/v1/namespaces/${api.namespace}`, (_, status) => status === 404);
}

beforeAll(async () => {
  expect(kubeconfig, 'KUBEDRILL_E2E_MULTI names no kubeconfig').not.toBe('');
  const text = await readFile(kubeconfig, 'utf8');
  cluster = await practice({programs: {'kubedrill/toolbox': shell}});
  sides = {
    practice: endpointOf(cluster.kubeconfig, 'practice'),
    kind: endpointOf(text, parse(text)['current-context'].replace(/^kind-/, '')),
  };
  await Promise.all(topics.map((topic) => both((endpoint) => make(endpoint, topic))));
});

afterAll(async () => {
  if (sides !== undefined) await Promise.all(topics.map((topic) => take(sides.kind, topic)));
  await cluster?.[Symbol.asyncDispose]();
});

const expected = new Map<string, string[]>();
for (const {cases} of known) {
  for (const [name, paths] of Object.entries(cases)) expected.set(name, [...(expected.get(name) ?? []), ...paths]);
}
const names = topics.flatMap((topic) => topic.cases.map((each) => `${topic.name}: ${each.name}`));

it('there are at least 150 cases, and every known difference is one of a case', () => {
  expect(names.length).toBeGreaterThanOrEqual(150);
  expect(new Set(names).size).toBe(names.length);
  expect([...expected.keys()].filter((name) => !names.includes(name))).toEqual([]);
});

// Side by side, as most cases wait for the clusters.
describe.concurrent.each(topics.map((topic) => ({topic, name: topic.name})))('$name', ({topic}) => {
  it.each(topic.cases.map((each, index) => ({...each, index})))('$name', async ({name, index, play}) => {
    const [practice, kind] = await both(async (endpoint) => {
      const api = new Api(endpoint, namespaceOf(topic), `c${index}`);
      await play(api);
      return api.seen;
    });
    const paths = expected.get(`${topic.name}: ${name}`)?.toSorted() ?? [];
    const found = differences(practice, kind);
    const unknown = found.filter(({at}) => !paths.includes(at));
    expect(unknown, 'practice answers otherwise').toEqual([]);
    expect(found.map(({at}) => at).toSorted(), 'differences of test/e2e/parity/differences.ts').toEqual(paths);
  });
});
