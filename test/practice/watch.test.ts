import {expect, test} from 'vitest';
import {call, type Loose, practice, type TestCluster} from '../support/practice.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const create = (cluster: TestCluster, name: string, labels = {}) =>
  call(cluster, 'POST', configMaps, {metadata: {name, labels}});

/** Reads a watch until `count` events came or it ended. */
async function read(
  cluster: TestCluster,
  query: string,
  count: number,
  meanwhile?: () => Promise<unknown>,
): Promise<Loose[]> {
  const leave = new AbortController();
  const response = await fetch(`${cluster.url}${configMaps}?watch=1&${query}`, {signal: leave.signal});
  await meanwhile?.();
  const events: Loose[] = [];
  let buffered = '';
  for await (const chunk of response.body ?? []) {
    buffered += Buffer.from(chunk as Uint8Array).toString();
    const lines = buffered.split('\n');
    buffered = lines.pop() ?? '';
    events.push(...lines.map((line) => JSON.parse(line)));
    if (events.length >= count) break;
  }
  leave.abort();
  return events;
}

const brief = (events: Loose[]) =>
  events.map(({type, object}) => `${type} ${object.metadata?.name ?? object.code ?? ''}`);

test('a watch tells every change after its revision, in order', async () => {
  await using cluster = await practice();
  const {body} = await create(cluster, 'a');
  const events = await read(cluster, `resourceVersion=${body.metadata.resourceVersion}`, 3, async () => {
    await create(cluster, 'b');
    await call(cluster, 'PATCH', `${configMaps}/b`, {data: {x: '1'}}, {'content-type': 'application/merge-patch+json'});
    await call(cluster, 'DELETE', `${configMaps}/b`);
  });
  expect(brief(events)).toEqual(['ADDED b', 'MODIFIED b', 'DELETED b']);
  const revisions = events.map(({object}) => Number(object.metadata.resourceVersion));
  expect([...revisions].sort((x, y) => x - y)).toEqual(revisions);
});

test('without a revision it begins with what is there', async () => {
  await using cluster = await practice();
  await create(cluster, 'a');
  expect(brief(await read(cluster, '', 2))).toEqual(['ADDED a', 'ADDED kube-root-ca.crt']);
  const asked = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
  const streamed = await read(cluster, asked, 3);
  expect(streamed.map(({type}) => type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK']);
  expect(streamed[2].object.metadata.annotations).toEqual({'k8s.io/initial-events-end': 'true'});
});

test('an object that leaves the selection is deleted for the watcher', async () => {
  await using cluster = await practice();
  const {body} = await create(cluster, 'a', {tier: 'x'});
  const since = `labelSelector=tier%3Dx&resourceVersion=${body.metadata.resourceVersion}`;
  const patch = (tier: string | null) =>
    call(
      cluster,
      'PATCH',
      `${configMaps}/a`,
      {metadata: {labels: {tier}}},
      {'content-type': 'application/merge-patch+json'},
    );
  const events = await read(cluster, since, 2, async () => {
    await patch('y');
    await create(cluster, 'other');
    await patch('x');
  });
  expect(brief(events)).toEqual(['DELETED a', 'ADDED a']);
});

test('a revision beyond the history answers 410, and so does the next one after a relist not', async () => {
  await using cluster = await practice({watchHistory: 5});
  const first = await create(cluster, 'a');
  for (const name of ['b', 'c', 'd', 'e', 'f', 'g']) await create(cluster, name);
  const gone = await read(cluster, `resourceVersion=${first.body.metadata.resourceVersion}`, 1);
  expect(gone[0]).toMatchObject({type: 'ERROR', object: {code: 410, reason: 'Expired'}});
  const list = await call(cluster, 'GET', configMaps);
  const fresh = await read(cluster, `resourceVersion=${list.body.metadata.resourceVersion}`, 1, () =>
    create(cluster, 'h'),
  );
  expect(brief(fresh)).toEqual(['ADDED h']);
});

test('a watch from a future revision keeps silent until its time is over', async () => {
  await using cluster = await practice();
  const events = await read(cluster, 'resourceVersion=999999&timeoutSeconds=1', 1, () => create(cluster, 'a'));
  expect(events).toEqual([]);
});
