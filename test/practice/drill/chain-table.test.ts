import {expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import {type Chain, startChain} from '../../support/chain.ts';
import {call, practice, type TestCluster} from '../../support/practice.ts';

/**
 * Every way of one object through a drill: made by a fixture or there before; broken by a fault; mended by the recovery
 * or not; a stranger in between or not; undone by the run, by a rollback after a kill, by two rollbacks.
 */
const origins = ['fixture', 'before'] as const;
const faults = ['deleted', 'patched', 'applied', 'scaled'] as const;
const recoveries = ['nothing', 'failed', 'as it was', 'otherwise', 'put back'] as const;
const strangers = ['nobody', 'deletes', 'replaces', 'changes'] as const;
const undoings = ['by the run', 'after a kill', 'twice'] as const;

/** Cases that share a cluster at once. */
const atOnce = 4;

interface Case {
  origin: (typeof origins)[number];
  fault: (typeof faults)[number];
  recovery: (typeof recoveries)[number];
  stranger: (typeof strangers)[number];
}

/** What can be seen of the object in the end: `minReadySeconds` and `replicas`. */
type End = `${'absent' | `${5 | 6 | 7 | 9} ${0 | 1 | 2}`}, ${'clean' | 'dirty'}`;

/** What becomes of it: as before the drill or as the recovery left it, unless a stranger is in the way. */
function expected({origin, fault, recovery, stranger}: Case): End {
  const mended = recovery === 'otherwise' ? 7 : 5;
  switch (stranger) {
    case 'nobody':
      return origin === 'fixture' ? 'absent, clean' : `${mended} 1, clean`;
    case 'deletes':
      if (origin === 'fixture') return 'absent, clean';
      // Of what was deleted there is a copy; of what was changed there is none.
      return fault === 'deleted' ? '5 1, clean' : 'absent, dirty';
    case 'replaces':
      return '9 2, dirty';
    default: {
      // Of a fixture the drill wrote all fields; scaling and putting it back write none that the stranger has changed.
      const isDrills = origin === 'fixture' || fault !== 'scaled' || ['failed', 'otherwise'].includes(recovery);
      return isDrills ? '9 1, dirty' : '9 1, clean';
    }
  }
}

/** Whether a case can be: what is gone cannot be changed or put back by a patch. */
function isPossible({fault, recovery, stranger}: Case): boolean {
  const isGone = fault === 'deleted' && recovery === 'nothing';
  if (fault === 'deleted' && recovery === 'put back') return false;
  return !(isGone && (stranger === 'changes' || stranger === 'deletes'));
}

const manifest = (name: string, seconds: number, replicas = 1) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {name, namespace: 'default'},
  spec: {
    replicas,
    minReadySeconds: seconds,
    selector: {matchLabels: {app: name}},
    template: {
      metadata: {labels: {app: name}},
      spec: {nodeSelector: {nowhere: 'yes'}, containers: [{name: 'web', image: 'echo'}]},
    },
  },
});

const path = '/apis/apps/v1/namespaces/default/deployments';
const merge = {'content-type': 'application/merge-patch+json'};

/** Plays a case up to its undo. */
async function play(cluster: TestCluster, chain: Chain, name: string, given: Case): Promise<void> {
  const {origin, fault, recovery, stranger} = given;
  const ref = {apiVersion: 'apps/v1', kind: 'Deployment', name};
  const apply = (seconds: number) => ({inline: manifest(name, seconds), force: true});
  const patch = (minReadySeconds: number) => ({...ref, patch: {spec: {minReadySeconds}}});
  const scale = (replicas: number) => ({name, replicas});
  if (origin === 'before') await call(cluster, 'POST', path, manifest(name, 5));
  else await chain.step('prepare', 'object/apply', apply(5));
  if (fault === 'deleted') await chain.step('inject', 'object/delete', {...ref, propagationPolicy: 'Foreground'});
  if (fault === 'deleted')
    await expect.poll(async () => (await call(cluster, 'GET', `${path}/${name}`)).status).toBe(404);
  if (fault === 'patched') await chain.step('inject', 'object/patch', patch(6));
  if (fault === 'applied') await chain.step('inject', 'object/apply', apply(6));
  if (fault === 'scaled') await chain.step('inject', 'deployment/scale', scale(0));
  if (recovery === 'failed') await chain.step('recover', 'object/apply', apply(7), 'failed');
  if (recovery === 'as it was') await chain.step('recover', 'object/apply', apply(5));
  if (recovery === 'otherwise') await chain.step('recover', 'object/apply', apply(7));
  if (recovery === 'put back' && fault === 'scaled') await chain.step('recover', 'deployment/scale', scale(1));
  else if (recovery === 'put back') await chain.step('recover', 'object/patch', patch(5));
  const own = `${path}/${name}`;
  if (stranger === 'deletes' || stranger === 'replaces') {
    await call(cluster, 'DELETE', own, {propagationPolicy: 'Background'});
    await expect.poll(async () => (await call(cluster, 'GET', own)).status).toBe(404);
  }
  if (stranger === 'replaces') await call(cluster, 'POST', path, manifest(name, 9, 2));
  if (stranger === 'changes') await call(cluster, 'PATCH', own, {spec: {minReadySeconds: 9}}, merge);
}

/** Undoes, and killed anywhere in between goes on in another process. */
async function undo(chain: Chain, undoing: (typeof undoings)[number]): Promise<unknown> {
  if (undoing === 'after a kill') {
    const mutations = chain.ends().length;
    for (let at = 1; at < mutations; at += 1) await chain.undo('rollback', 1);
    return await chain.undo('rollback');
  }
  const first = await chain.undo(undoing === 'twice' ? 'rollback' : 'undo');
  if (undoing !== 'twice') return first;
  const second = await chain.undo('rollback');
  expect(second).toBe(first);
  return second;
}

async function seen(cluster: TestCluster, name: string): Promise<string> {
  const {status, body} = await call(cluster, 'GET', `${path}/${name}`);
  return status === 404 ? 'absent' : `${body.spec.minReadySeconds} ${body.spec.replicas}`;
}

const cases = (origin: Case['origin'], fault: Case['fault']): Case[] =>
  recoveries
    .flatMap((recovery) => strangers.map((stranger) => ({origin, fault, recovery, stranger})))
    .filter(isPossible);

async function on<T>(work: (cluster: TestCluster, connection: Connection) => Promise<T>): Promise<T> {
  await using cluster = await practice();
  const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  try {
    return await work(cluster, connection);
  } finally {
    connection.close();
  }
}

const ways = origins.flatMap((origin) =>
  faults.flatMap((fault) => undoings.map((undoing) => [origin, fault, undoing] as const)),
);

test.each(ways)(
  '%s × %s × undone %s: every recovery and stranger ends as it should',
  async (origin, fault, undoing) => {
    await on(async (cluster, connection) => {
      const wrong: object[] = [];
      const rest = cases(origin, fault).entries();
      const work = async () => {
        for (const [index, given] of rest) {
          const chain = startChain(connection);
          const name = `case-${index}`;
          await play(cluster, chain, name, given);
          const cleanup = await undo(chain, undoing);
          const end = `${await seen(cluster, name)}, ${cleanup}`;
          const wanted = expected(given);
          if (end !== wanted) wrong.push({...given, end, wanted, ends: chain.ends()});
        }
      };
      await Promise.all(Array.from({length: atOnce}, work));
      expect(wrong).toEqual([]);
    });
  },
  300_000,
);
