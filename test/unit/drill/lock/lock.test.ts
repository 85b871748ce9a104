import {describe, expect, it} from 'vitest';
import type {Mutate} from '../../../../src/actions/define.ts';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {Connection, KubeObject, ObjectRef} from '../../../../src/cluster/types.ts';
import {renewTimeOf} from '../../../../src/drill/lock/lease.ts';
import {foreignHolder, liveLease} from '../../../../src/drill/lock/live-lease.ts';
import {holdLease} from '../../../../src/drill/lock/lock.ts';
import {silentLog} from '../../../../src/io/log.ts';
import {createFakeClock, type FakeClock} from '../../../support/fake-clock.ts';

/** A cluster with at most one lease in it. */
function clusterWith(holder?: string, renewTime = new Date(0).toISOString()) {
  let lease: KubeObject | undefined =
    holder === undefined
      ? undefined
      : {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: {name: 'drill', namespace: 'kubedrill', labels: {'kubedrill.dev/run': 'abcd'}},
          spec: {holderIdentity: holder, renewTime},
        };
  const connection = {
    reader: {
      get: async (ref: ObjectRef) => {
        if (ref.kind !== 'Lease' || lease === undefined)
          throw new ClusterError('there is none', {reason: 'notFound', status: 404});
        return structuredClone(lease);
      },
    },
    writer: {
      create: async (object: KubeObject) => {
        if (object.kind === 'Lease') lease = object;
        return object;
      },
      replace: async (object: KubeObject) => {
        lease = object;
        return object;
      },
    },
  } as unknown as Connection;
  const change = (spec: object) => {
    if (lease !== undefined) lease = {...lease, spec: {...(lease.spec as object), ...spec}};
  };
  const restore = (object: KubeObject | undefined) => {
    lease = object;
  };
  return {connection, change, restore, read: () => lease};
}

const at = (ms: number) => new Date(ms).toISOString();

describe('a lease', () => {
  it('is live at once when it is fresh by our clock', async () => {
    const {connection} = clusterWith('ada (run-1)', at(5000));
    expect((await liveLease(connection, {clock: createFakeClock()}))?.metadata.name).toBe('drill');
  });

  it('whose time is not to be trusted is live only when it is renewed', async () => {
    const clock = createFakeClock();
    const {connection, change} = clusterWith('ada (run-1)', at(0));
    const renewed = liveLease(connection, {clock, trustTime: false});
    await clock.advance(5000);
    change({renewTime: at(5000)});
    await clock.advance(1000);
    expect((await renewed)?.metadata.name).toBe('drill');
    const still = liveLease(connection, {clock, trustTime: false});
    await clock.advance(20_000);
    expect(await still).toBeUndefined();
  });

  it('of nobody, or missing is not live', async () => {
    const clock = createFakeClock();
    expect(await liveLease(clusterWith('').connection, {clock})).toBeUndefined();
    expect(await liveLease(clusterWith().connection, {clock})).toBeUndefined();
  });

  it.each([-300_000, 300_000])('of a clock that is off by %i ms is live when it is renewed', async (by) => {
    const clock = createFakeClock();
    const {connection, change} = clusterWith('ada (run-1)', at(by));
    const found = liveLease(connection, {clock});
    await clock.advance(5000);
    change({renewTime: at(by + 5000)});
    await clock.advance(1000);
    expect((await found)?.metadata.name).toBe('drill');
  });

  it.each([-300_000, 300_000])('last renewed %i ms from now is stale after its whole duration', async (by) => {
    const clock = createFakeClock();
    const {connection} = clusterWith('ada (run-1)', at(by));
    let answer: unknown = 'watching';
    void liveLease(connection, {clock}).then((found) => {
      answer = found;
    });
    await clock.advance(19_000);
    expect(answer).toBe('watching');
    await clock.advance(1000);
    expect(answer).toBeUndefined();
  });

  it('names the holder to another run alone', async () => {
    const {connection} = clusterWith('ada (run-1)', new Date().toISOString());
    expect(await foreignHolder(connection, 'run-1')).toBeUndefined();
    expect(await foreignHolder(connection, 'run-2')).toBe('ada (run-1)');
  });
});

describe('a lease that is held', () => {
  const told = () => {
    const lost: string[] = [];
    const asked: string[] = [];
    return {
      lost,
      asked,
      onLost: (detail: string) => void lost.push(detail),
      onAbort: (by: string) => void asked.push(by),
    };
  };

  /** The lease of ada's run on its cluster; `made`: what was written by journalled changes. */
  const heldBy = (clock: FakeClock) => {
    const cluster = clusterWith('ada (run-1)');
    const {connection} = cluster;
    const {lost, asked, ...listeners} = told();
    const made: string[] = [];
    const mutate: Mutate = (change, write) => {
      made.push(`${change.undo.kind} ${change.target.kind}`);
      return write({cluster: connection.writer});
    };
    const run = {id: 'run-1', label: 'abcd'};
    const lock = holdLease({connection, clock, mutate, log: silentLog, run, ...listeners}, 'ada (run-1)');
    return {...cluster, lock, lost, asked, made};
  };

  it('is renewed at once and every five seconds, until stopped', async () => {
    const clock = createFakeClock();
    const {read, lock, made} = heldBy(clock);
    const renewed = () => renewTimeOf(read() ?? {apiVersion: '', kind: '', metadata: {name: ''}});
    await clock.advance(1);
    expect(renewed()).toBe('1970-01-01T00:00:00.000000Z');
    await clock.advance(5000);
    expect(renewed()).toBe('1970-01-01T00:00:05.000000Z');
    expect(await lock.held()).toBe(true);
    await lock.stop();
    await clock.advance(10_000);
    expect(renewed()).toBe('1970-01-01T00:00:05.000000Z');
    expect(made).toEqual([]);
  });

  it('tells when it is to be given up, and when somebody else has it and renews it', async () => {
    const clock = createFakeClock();
    const {change, read, lock, lost, asked} = heldBy(clock);
    await clock.advance(1);
    Object.assign(read()?.metadata ?? {}, {annotations: {'kubedrill.dev/abort': 'bob'}});
    await clock.advance(10_000);
    expect([asked, lost]).toEqual([['bob'], []]);
    change({holderIdentity: 'eve (run-2)', renewTime: at(10_000)});
    await clock.advance(5000);
    expect(lost).toEqual([]);
    change({renewTime: at(15_000)});
    await clock.advance(1000);
    expect(lost).toEqual(['the lock is held by eve (run-2) by now']);
    await clock.advance(60_000);
    expect(read()?.spec).toMatchObject({holderIdentity: 'eve (run-2)'});
    await lock.stop();
  });

  it('is made again, with its namespace, when the data of the cluster come from a time before it', async () => {
    const clock = createFakeClock();
    const {restore, lock, lost, made} = heldBy(clock);
    await clock.advance(1);
    restore(undefined);
    await clock.advance(5000);
    expect(await lock.held()).toBe(true);
    expect(made).toEqual(['lock/namespace Namespace', 'lease/release Lease']);
    expect(lost).toEqual([]);
    await lock.stop();
  });

  it('is taken back from a drill that the data of the cluster remember, and that does not renew it', async () => {
    const clock = createFakeClock();
    const {change, read, lock, lost, made} = heldBy(clock);
    await clock.advance(1);
    // Fresh by our clock: a snapshot may be seconds old.
    change({holderIdentity: 'eve (run-0)', renewTime: at(4000)});
    await clock.advance(24_000);
    expect(await lock.held()).toBe(false);
    await clock.advance(6000);
    expect(await lock.held()).toBe(true);
    expect(lost).toEqual([]);
    expect(made).toContain('lease/release Lease');
    expect(read()?.metadata.labels).toEqual({'kubedrill.dev/run': 'abcd'});
    await lock.stop();
  });
});
