import {setImmediate as turn} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import {type UndoSurroundings, uncritical} from '../../../../src/drill/contexts.ts';
import {createTurns} from '../../../../src/drill/undo/turns.ts';
import {undoAll, undoStep} from '../../../../src/drill/undo/undo.ts';
import {systemClock} from '../../../../src/io/clock.ts';
import {silentLog} from '../../../../src/io/log.ts';
import {cleanupOf, mutationsOf} from '../../../../src/journal/recover.ts';
import type {JournalEvent, Role} from '../../../../src/journal/types.ts';
import {createMemoryCluster} from '../../../support/memory-cluster.ts';
import {createMemoryJournal} from '../../../support/memory-journal.ts';

const label = 'aaaabbbbcccc';
const objectOf = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {namespace: 'a', name, labels: {'kubedrill.dev/run': label}},
});

/** A run that made three objects, and the cluster they are in. */
async function run(role: Role = 'fixture') {
  const {journal} = createMemoryJournal();
  const cluster = createMemoryCluster();
  for (const [index, name] of ['one', 'two', 'three'].entries()) {
    const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name};
    const mutation = `m${index + 1}`;
    const intent: JournalEvent = {
      type: 'mutation.intent',
      mutation,
      role,
      phase: 'prepare',
      step: `prepare.${index}`,
      target,
      undo: {kind: 'object/remove', data: {}},
    };
    await journal.commit(intent);
    await cluster.writer.create(objectOf(name));
    await journal.commit({type: 'mutation.applied', mutation});
  }
  const surroundings: UndoSurroundings = {
    clock: systemClock,
    log: silentLog,
    connection: cluster,
    means: {},
    vault: {put: () => Promise.reject(new Error('no vault')), get: () => Promise.reject(new Error('no vault'))},
    run: {id: 'r', label, fieldManager: 'kubedrill'},
    critical: uncritical,
  };
  return {journal, cluster, deps: {journal, surroundings, deadline: 1000}};
}

describe('undo', () => {
  it('goes newest first and ends clean', async () => {
    const {journal, cluster, deps} = await run();
    expect(await undoAll(deps, 'undo')).toBe('clean');
    expect(cluster.objects.size).toBe(0);
    const order = journal.entries.filter((entry) => entry.type === 'undo.started').map(({mutation}) => mutation);
    expect(order).toEqual(['m3', 'm2', 'm1']);
  });

  it('goes on past a failure, reports each, and ends dirty with the command for a person', async () => {
    const {journal, cluster, deps} = await run();
    const write = cluster.writer.delete;
    cluster.writer.delete = (ref, options) =>
      ref.name === 'two' ? Promise.reject(new Error('the API server said no')) : write(ref, options);
    expect(await undoAll(deps, 'undo')).toBe('dirty');
    expect([...cluster.objects.keys()]).toEqual(['ConfigMap/a/two']);
    expect(mutationsOf(journal.entries).map(({undone}) => undone)).toEqual(['undone', 'failed', 'undone']);
    const failure = journal.entries.find((entry) => entry.type === 'undo.ended' && entry.state === 'failed');
    expect(failure).toMatchObject({
      mutation: 'm2',
      detail: 'the API server said no',
      command: expect.stringContaining('kubectl'),
    });
  });

  it('may be played again: what is done stays done, what failed is tried again', async () => {
    const {journal, cluster, deps} = await run();
    const write = cluster.writer.delete;
    cluster.writer.delete = () => Promise.reject(new Error('not now'));
    expect(await undoAll(deps, 'undo')).toBe('dirty');
    cluster.writer.delete = write;
    expect(await undoAll(deps, 'rollback')).toBe('clean');
    const entries = journal.entries.length;
    expect(await undoAll(deps, 'rollback')).toBe('clean');
    expect(journal.entries.length).toBe(entries);
  });

  it('leaves an undo that hangs behind at its deadline', async () => {
    const {cluster, deps} = await run();
    const write = cluster.writer.delete;
    cluster.writer.delete = (ref, options) =>
      ref.name === 'three' ? new Promise(() => undefined) : write(ref, options);
    expect(await undoAll({...deps, deadline: 20, grace: 20}, 'undo')).toBe('dirty');
    expect([...cluster.objects.keys()]).toEqual(['ConfigMap/a/three']);
  });

  it('goes on when the journal can no longer be written', async () => {
    const {journal, cluster, deps} = await run();
    const deaf = {...journal, commit: () => Promise.reject(new Error('ENOSPC'))};
    await undoAll({...deps, journal: deaf}, 'undo');
    expect(cluster.objects.size).toBe(0);
  });

  it('keeps a recovery whose step succeeded', async () => {
    const {journal, cluster, deps} = await run('recovery');
    await journal.append({type: 'step.ended', path: 'prepare.0', outcome: 'done'});
    await journal.append({type: 'step.ended', path: 'prepare.1', outcome: 'failed'});
    expect(await undoAll(deps, 'undo')).toBe('clean');
    expect([...cluster.objects.keys()]).toEqual(['ConfigMap/a/one']);
    expect(mutationsOf(journal.entries).map(({undone}) => undone)).toEqual(['kept', 'undone', 'undone']);
  });

  it('takes back the mutations of one step alone', async () => {
    const {cluster, deps} = await run();
    expect(await undoStep(deps, 'prepare.1')).toBe(1);
    expect([...cluster.objects.keys()]).toEqual(['ConfigMap/a/one', 'ConfigMap/a/three']);
  });

  it('looks again when a call that nobody has answered arrives between its two looks', async () => {
    const {journal, cluster, deps} = await run();
    expect(await undoAll(deps, 'undo')).toBe('clean');
    const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'late'};
    const undo = {kind: 'object/remove', data: {}};
    await journal.commit({type: 'mutation.intent', mutation: 'm9', role: 'fixture', phase: 'prepare', target, undo});
    const get = cluster.reader.get;
    let looks = 0;
    cluster.reader.get = async (ref) => {
      looks += 1;
      // It has arrived by the second look, which only asks whether all is as it should be.
      if (looks === 2) await cluster.writer.create(objectOf('late'));
      return await get(ref);
    };
    expect(await undoAll({...deps, deadline: 20_000}, 'undo')).toBe('clean');
    expect(cluster.objects.size).toBe(0);
  });

  describe('with an API server that is away when it begins', () => {
    const gone = () => Promise.reject(new ClusterError('no answer', {reason: 'badAnswer', status: 404}));
    /** A cluster that answers once so much time has been slept away; nobody really sleeps. */
    const awayFor = async (ms: number) => {
      const {cluster, journal, deps} = await run();
      let slept = 0;
      const sleep = async (pause: number, signal?: AbortSignal) => {
        slept += pause;
        await turn();
        signal?.throwIfAborted();
      };
      const {get} = cluster.reader;
      cluster.reader.get = (...given) => (slept < ms ? gone() : get(...given));
      const {delete: remove} = cluster.writer;
      cluster.writer.delete = (...given) => (slept < ms ? gone() : remove(...given));
      const surroundings = {...deps.surroundings, clock: {...systemClock, sleep}};
      return {cluster, journal, deps: {...deps, surroundings}, slept: () => slept};
    };

    it('tries until its deadline', async () => {
      const {cluster, deps} = await awayFor(170_000);
      expect(await undoAll({...deps, deadline: 20_000}, 'undo')).toBe('clean');
      expect(cluster.objects.size).toBe(0);
    });

    it('says what it met last, and does not wait as long again for each undo that follows', async () => {
      const {journal, deps, slept} = await awayFor(Number.POSITIVE_INFINITY);
      let first = 0;
      const commit: typeof journal.commit = (entry) => {
        if (entry.type === 'undo.ended') first ||= slept();
        return journal.commit(entry);
      };
      expect(await undoAll({...deps, journal: {...journal, commit}, deadline: 200}, 'undo')).toBe('dirty');
      const ended = journal.entries.filter((entry) => entry.type === 'undo.ended');
      expect(ended.map(({detail}) => detail)).toEqual(['not done within 0.2 s: no answer', 'no answer', 'no answer']);
      expect(slept() - first).toBeLessThan(30_000);
    });
  });

  describe('of a mutation that another undo is at', () => {
    /** A run whose objects are deleted only when the test says so. */
    const held = async () => {
      const world = await run();
      const turns = createTurns();
      const {delete: remove} = world.cluster.writer;
      let calls = 0;
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      world.cluster.writer.delete = async (ref, options) => {
        if (ref.name !== 'one') return await remove(ref, options);
        calls += 1;
        begun.resolve();
        await gate.promise;
        return await remove(ref, options);
      };
      const deps = {...world.deps, turns};
      return {...world, deps, gate, begun: begun.promise, calls: () => calls};
    };

    it('waits for it and takes its outcome, also when the step that began it was stopped', async () => {
      const {journal, cluster, deps, gate, begun, calls} = await held();
      const controller = new AbortController();
      const step = undoStep(deps, 'prepare.0', controller.signal);
      await begun;
      controller.abort(new Error('the step exceeded its time'));
      await expect(step).rejects.toThrow('exceeded its time');
      const all = undoAll(deps, 'undo');
      while (cluster.objects.size > 1) await turn();
      gate.resolve();
      expect(await all).toBe('clean');
      expect([calls(), cluster.objects.size]).toEqual([1, 0]);
      const started = journal.entries.filter((entry) => entry.type === 'undo.started');
      expect(started.map(({mutation, by}) => `${mutation} ${by}`)).toEqual(['m1 step', 'm3 undo', 'm2 undo']);
    });

    it('goes on from where it failed', async () => {
      const {journal, cluster, deps, gate, begun, calls} = await held();
      const step = undoStep(deps, 'prepare.0');
      await begun;
      const all = undoAll(deps, 'undo');
      while (cluster.objects.size > 1) await turn();
      gate.reject(new Error('the API server said no'));
      await expect(step).rejects.toThrow('said no');
      gate.promise.catch(() => undefined);
      expect(await all).toBe('dirty');
      expect(calls()).toBe(2);
      const ended = journal.entries.filter((entry) => entry.type === 'undo.ended' && entry.mutation === 'm1');
      expect(ended).toMatchObject([{state: 'failed'}, {state: 'failed'}]);
    });

    it('does not begin beside one that was given up and has not ended', async () => {
      const {cluster, deps, gate, begun, calls} = await held();
      const step = undoStep({...deps, deadline: 20, grace: 20}, 'prepare.0');
      await begun;
      await expect(step).rejects.toThrow('not done within');
      const all = undoAll(deps, 'undo');
      while (cluster.objects.size > 1) await turn();
      expect(calls()).toBe(1);
      gate.resolve();
      expect(await all).toBe('clean');
      expect(cluster.objects.size).toBe(0);
    });
  });

  it('does not know the undo of a later version, and says so', async () => {
    const {journal, deps} = await run();
    await journal.commit({
      type: 'mutation.intent',
      mutation: 'm9',
      role: 'fault',
      phase: 'inject',
      target: {apiVersion: 'v1', kind: 'Pod', name: 'x'},
      undo: {kind: 'from/the-future', data: {}},
    });
    expect(await undoAll(deps, 'undo')).toBe('dirty');
    expect(cleanupOf(journal.entries)).toBe('dirty');
  });
});
