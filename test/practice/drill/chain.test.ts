import {expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import {ClusterError} from '../../../src/cluster/errors.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import type {JournalEvent, Phase, Role} from '../../../src/journal/types.ts';
import {type Chain, startChain} from '../../support/chain.ts';
import {crashOn, rollBack} from '../../support/crashed-run.ts';
import {playOnPractice} from '../../support/drill.ts';
import {call, practice, type TestCluster} from '../../support/practice.ts';
import {practiceBehindProxy} from '../../support/proxy.ts';

const merge = {'content-type': 'application/merge-patch+json'};
const maps = '/api/v1/namespaces/default/configmaps';
const map = (name: string, data: Record<string, string>, namespace = 'default') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {name, namespace},
  data,
});
const named = (name: string, namespace = 'default') => ({apiVersion: 'v1', kind: 'ConfigMap', namespace, name});

interface World {
  cluster: TestCluster;
  connection: Connection;
  chain: Chain;
  get(path: string): Promise<Awaited<ReturnType<typeof call>>>;
}

/** A practice cluster, and a drill of which steps are played on it. */
async function on(work: (world: World) => Promise<void>): Promise<void> {
  await using cluster = await practice();
  const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  try {
    await work({cluster, connection, chain: startChain(connection), get: (path) => call(cluster, 'GET', path)});
  } finally {
    connection.close();
  }
}

test('the chain of a whole drill is passed and clean: made, deleted, applied again, removed', async () => {
  const settings = `
      uses: object/apply
      with:
        inline:
          - {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {a: old}}`;
  const look =
    'uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: settings}, expect: object.data.a == "old"';
  const run = await playOnPractice(`
apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: trial, title: A trial, owner: tests}
spec:
  type: disaster
  target: {environments: [practice], maxTargets: 1}
  prepare:
    - id: made${settings}
  probes: [{name: settings, from: runner, every: 100ms, ${look}}]
  services: {settings: {up: [settings]}}
  objectives: [{rto: 40s, of: settings, from: fault, source: a test}]
  steady: {for: 500ms}
  inject: [{uses: object/delete, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: settings}}]
  effect: {within: 20s}
  recover:
    - id: again${settings}
  verify: {within: 45s, stableFor: 1s, checks: [{name: there, ${look}}]}
  stopWhen: {none: a test}
`);
  expect([run.verdict, run.cleanup, run.exitCode, run.residue]).toEqual(['passed', 'clean', 0, []]);
  const ends = run.entries.flatMap((entry) => (entry.type === 'undo.ended' ? [entry.state] : []));
  // The recovery's object goes by the undo of the fixture, which comes after those of recovery and fault.
  expect(ends.slice(0, 3)).toEqual(['kept', 'already', 'undone']);
});

test.each([0, 1, 2, 3])(
  'an object that was changed, then deleted, is made again and put back, killed before its undo %i',
  async (kill) => {
    await on(async ({cluster, chain, get}) => {
      await call(cluster, 'POST', maps, map('one', {a: 'old'}));
      await chain.step('inject', 'object/patch', {...named('one'), patch: {data: {a: 'first'}}});
      await chain.step('inject', 'object/apply', {inline: map('one', {a: 'second', b: 'more'}), force: true});
      await chain.step('inject', 'object/delete', named('one'));
      if (kill < 3) expect(await chain.undo('undo', kill)).toBe('killed');
      expect(await chain.undo('rollback')).toBe('clean');
      expect((await get(`${maps}/one`)).body.data).toEqual({a: 'old'});
    });
  },
);

test('of several objects in one apply, the one that the fault deleted and the others go together', async () => {
  await on(async ({chain, get}) => {
    const all = {inline: ['one', 'two', 'three'].map((name) => map(name, {a: name}))};
    await chain.step('prepare', 'object/apply', all);
    await chain.step('inject', 'object/delete', named('two'));
    await chain.step('inject', 'object/patch', {...named('three'), patch: {data: {a: 'broken'}}});
    await chain.step('recover', 'object/apply', {...all, force: true});
    expect(await chain.undo('undo')).toBe('clean');
    expect((await get(maps)).body.items.map((item: {metadata: {name: string}}) => item.metadata.name)).toEqual([
      'kube-root-ca.crt',
    ]);
  });
});

test('a Secret of a fixture, whose content is in the vault alone, goes as any other object', async () => {
  await on(async ({chain, get}) => {
    const secret = (password: string) => ({
      inline: {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'key', namespace: 'default'}, stringData: {password}},
    });
    await chain.step('prepare', 'object/apply', secret('first-password'));
    await chain.step('inject', 'object/delete', {apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'key'});
    await chain.step('recover', 'object/apply', secret('second-password'));
    expect(await chain.undo('undo')).toBe('clean');
    expect((await get('/api/v1/namespaces/default/secrets/key')).status).toBe(404);
  });
});

test('an object without a namespace goes the same way', async () => {
  await on(async ({chain, get}) => {
    const namespace = (tier: string) => ({
      inline: {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop', labels: {tier}}},
    });
    const ref = {apiVersion: 'v1', kind: 'Namespace', name: 'shop'};
    await chain.step('prepare', 'object/apply', namespace('one'));
    await chain.step('inject', 'object/patch', {...ref, patch: {metadata: {labels: {tier: 'two'}}}});
    await chain.step('recover', 'object/apply', {...namespace('three'), force: true});
    expect(await chain.undo('undo')).toBe('clean');
    expect((await get('/api/v1/namespaces/shop')).status).toBe(404);
  });
});

test.each(['the recovery', 'nobody', 'somebody else'])(
  'a namespace of a fixture, deleted with all that is in it, is made again by %s',
  async (who) => {
    await on(async ({cluster, chain, get}) => {
      const shop = '/api/v1/namespaces/shop';
      const all = {
        inline: [{apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}}, map('one', {a: 'old'}, 'shop')],
      };
      await chain.step('prepare', 'object/apply', all);
      await chain.step('inject', 'object/patch', {...named('one', 'shop'), patch: {data: {a: 'new'}}});
      // As a command of the scenario would: `object/delete` takes no namespace.
      await call(cluster, 'DELETE', shop);
      await expect.poll(async () => (await get(shop)).status).toBe(404);
      if (who === 'the recovery') await chain.step('recover', 'object/apply', all);
      if (who === 'somebody else') {
        await call(cluster, 'POST', '/api/v1/namespaces', {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: {name: 'shop'},
        });
      }
      expect(await chain.undo('undo')).toBe('clean');
      // Another one is not the drill's to remove.
      expect((await get(shop)).status).toBe(who === 'somebody else' ? 200 : 404);
    });
  },
);

test('the step form `undo` makes a fixture again, which goes in the end', async () => {
  await on(async ({chain, get}) => {
    await chain.step('prepare', 'object/apply', {inline: map('one', {a: 'old'})});
    const fault = await chain.step('inject', 'object/delete', named('one'));
    expect(await chain.undoStep(fault)).toBe(1);
    expect((await get(`${maps}/one`)).body.data).toEqual({a: 'old'});
    expect(await chain.undo('undo')).toBe('clean');
    expect((await get(`${maps}/one`)).status).toBe(404);
  });
});

test.each(['nobody', 'the recovery'])('what a fixture has left behind goes with it, made again by %s', async (who) => {
  await on(async ({chain, get}) => {
    const spec = {
      replicas: 1,
      selector: {matchLabels: {app: 'web'}},
      template: {metadata: {labels: {app: 'web'}}, spec: {containers: [{name: 'web', image: 'echo'}]}},
    };
    const ref = {apiVersion: 'apps/v1', kind: 'Deployment'};
    const web = {inline: {...ref, metadata: {name: 'web', namespace: 'default'}, spec}};
    const sets = async () => (await get('/apis/apps/v1/namespaces/default/replicasets')).body.items.length;
    await chain.step('prepare', 'object/apply', web);
    await expect.poll(sets).toBe(1);
    await chain.step('inject', 'object/delete', {...ref, name: 'web', propagationPolicy: 'Orphan'});
    await expect.poll(async () => (await get('/apis/apps/v1/namespaces/default/deployments/web')).status).toBe(404);
    expect(await sets()).toBe(1);
    if (who === 'the recovery') await chain.step('recover', 'object/apply', web);
    expect(await chain.undo('undo')).toBe('clean');
    expect((await get('/apis/apps/v1/namespaces/default/deployments/web')).status).toBe(404);
    await expect.poll(sets).toBe(0);
  });
});

test('a recovery that deletes what the fault has changed leaves nothing to put back', async () => {
  await on(async ({cluster, chain, get}) => {
    await call(cluster, 'POST', maps, map('one', {a: 'old'}));
    await chain.step('inject', 'object/patch', {...named('one'), patch: {data: {a: 'new'}}});
    await chain.step('recover', 'object/delete', named('one'));
    expect(await chain.undo('undo')).toBe('clean');
    expect((await get(`${maps}/one`)).status).toBe(404);
  });
});

test('fields of the fault that the recovery has not written are put back beside those that it has', async () => {
  await on(async ({cluster, chain, get}) => {
    await call(cluster, 'POST', maps, map('one', {a: 'old', b: 'old'}));
    await chain.step('inject', 'object/patch', {...named('one'), patch: {data: {a: 'new', b: 'new'}}});
    await chain.step('recover', 'object/patch', {...named('one'), patch: {data: {a: 'mended'}}});
    expect(await chain.undo('undo')).toBe('clean');
    expect((await get(`${maps}/one`)).body.data).toEqual({a: 'mended', b: 'old'});
  });
});

test('once somebody has removed what was in the way, a fixture that is gone is not made again', async () => {
  await on(async ({cluster, chain, get}) => {
    await chain.step('prepare', 'object/apply', {inline: map('one', {a: 'old'})});
    await chain.step('inject', 'object/delete', named('one'));
    await call(cluster, 'POST', maps, map('one', {a: 'theirs'}));
    expect(await chain.undo('undo')).toBe('dirty');
    expect(chain.ends().at(-1)).toMatchObject({
      undone: 'conflict',
      detail: expect.stringMatching(/^somebody else made/),
    });
    await call(cluster, 'DELETE', `${maps}/one`);
    expect(await chain.undo('rollback')).toBe('clean');
    expect((await get(`${maps}/one`)).status).toBe(404);
  });
});

test('a delete is not undone while what a failed recovery made in its place could not be removed', async () => {
  await on(async ({cluster, connection, chain, get}) => {
    await call(cluster, 'POST', maps, map('one', {a: 'old'}));
    await chain.step('inject', 'object/delete', named('one'));
    await chain.step('recover', 'object/apply', {inline: map('one', {a: 'old'})}, 'failed');
    const remove = connection.writer.delete;
    connection.writer.delete = () => Promise.reject(new ClusterError('no', {reason: 'forbidden', status: 403}));
    expect(await chain.undo('undo')).toBe('dirty');
    connection.writer.delete = remove;
    expect(await chain.undo('rollback')).toBe('clean');
    expect((await get(`${maps}/one`)).body).toMatchObject({data: {a: 'old'}});
    expect((await get(`${maps}/one`)).body.metadata.labels).toBeUndefined();
  });
});

test('what the recovery makes in the place of a fixture is labelled as one, what it makes anew is not', async () => {
  await on(async ({cluster, chain, get}) => {
    const roleOf = async (name: string) => (await get(`${maps}/${name}`)).body.metadata.labels['kubedrill.dev/role'];
    await call(cluster, 'POST', maps, map('two', {}));
    await chain.step('prepare', 'object/apply', {inline: map('one', {})});
    await chain.step('inject', 'object/delete', named('one'));
    await chain.step('inject', 'object/delete', named('two'));
    await chain.step('recover', 'object/apply', {inline: ['one', 'two', 'three'].map((name) => map(name, {}))});
    expect([await roleOf('one'), await roleOf('two'), await roleOf('three')]).toEqual([
      'fixture',
      'recovery',
      'recovery',
    ]);
  });
});

test('what somebody else has changed on a recovery that is kept is named, and kept once it is put right', async () => {
  await on(async ({cluster, chain, get}) => {
    await call(cluster, 'POST', maps, map('one', {a: 'old'}));
    await chain.step('inject', 'object/delete', named('one'));
    await chain.step('recover', 'object/apply', {inline: map('one', {a: 'mended'})});
    await call(cluster, 'PATCH', `${maps}/one`, {data: {a: 'theirs'}}, merge);
    expect(await chain.undo('undo')).toBe('dirty');
    expect(chain.ends().at(-1)).toMatchObject({
      undone: 'conflict',
      detail: 'somebody else has changed it since the recovery: data.a is "theirs" where "mended" was written',
    });
    // Once they have put it right the recovery is kept.
    await call(cluster, 'PATCH', `${maps}/one`, {data: {a: 'mended'}}, merge);
    expect(await chain.undo('rollback')).toBe('clean');
    expect((await get(`${maps}/one`)).body.data).toEqual({a: 'mended'});
  });
});

test('a rollback has nothing to do in a namespace that the run made, and that is gone', async () => {
  await using world = await practiceBehindProxy();
  const place = {apiVersion: 'v1', namespace: 'shop'};
  const mutation = (id: string, role: Role, kind: string, more: object): JournalEvent[] => {
    const target = {...place, kind: 'ConfigMap', name: 'one', uid: 'u1', ...(more as {target?: object}).target};
    const data = (more as {data?: object}).data ?? {};
    const phase: Phase = role === 'fixture' ? 'prepare' : 'inject';
    return [
      {type: 'mutation.intent', mutation: id, role, phase, step: `${phase}.0`, target, undo: {kind, data: {...data}}},
      {type: 'mutation.applied', mutation: id},
    ];
  };
  const web = {...place, apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'};
  const fields = [{path: ['data', 'a'], before: 'old', after: 'new'}];
  const saved = {file: 'ConfigMap-1.json', sha256: '0'};
  const folder = await crashOn(
    world.proxy,
    ...mutation('m1', 'fixture', 'object/remove', {target: {kind: 'Namespace', name: 'shop', namespace: undefined}}),
    ...mutation('m2', 'fixture', 'object/remove', {}),
    ...mutation('m3', 'fault', 'object/put-back', {data: {uid: 'u1', fields}}),
    ...mutation('m4', 'fault', 'scale/put-back', {target: web, data: {uid: 'u2', before: 2, after: 0}}),
    ...mutation('m5', 'fault', 'platform/heals', {
      target: {kind: 'Pod', name: 'web-1'},
      data: {healer: web, desired: 2, uids: ['u3']},
    }),
    ...mutation('m6', 'fault', 'object/recreate', {target: {name: 'two'}, data: {uid: 'u4', saved}}),
  );
  const said: string[] = [];
  const result = await rollBack(world.proxy, folder, {
    onEntry: (entry) => {
      if (entry.type === 'undo.ended') said.push(`${entry.mutation} ${entry.state}: ${entry.detail}`);
    },
  });
  expect([result.cleanup, result.exitCode, result.left]).toEqual(['clean', 0, []]);
  const made = 'and the drill itself made Namespace shop';
  expect(said.slice(0, 6)).toEqual([
    `m6 already: it is gone, ${made}`,
    `m4 already: it is gone, ${made}`,
    'm3 already: it is gone, and the drill itself made ConfigMap shop/one',
    'm2 already: it is gone',
    'm1 already: it is gone',
    // What only waits comes last.
    `m5 already: Deployment shop/web is gone, ${made}`,
  ]);
  expect(await rollBack(world.proxy, folder)).toMatchObject({cleanup: 'clean', found: []});
});
