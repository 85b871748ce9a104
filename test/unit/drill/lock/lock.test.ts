import {describe, expect, it} from 'vitest';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {Connection, KubeObject} from '../../../../src/cluster/types.ts';
import {renewTimeOf} from '../../../../src/drill/lock/lease.ts';
import {foreignHolder, liveLease} from '../../../../src/drill/lock/live-lease.ts';
import {holdLease} from '../../../../src/drill/lock/lock.ts';
import {silentLog} from '../../../../src/io/log.ts';
import {createFakeClock} from '../../../support/fake-clock.ts';

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
      get: async () => {
        if (lease === undefined) throw new ClusterError('there is none', {reason: 'notFound', status: 404});
        return structuredClone(lease);
      },
    },
    writer: {
      replace: async (object: KubeObject) => {
        lease = object;
        return object;
      },
    },
  } as unknown as Connection;
  const change = (spec: object) => {
    if (lease !== undefined) lease = {...lease, spec: {...(lease.spec as object), ...spec}};
  };
  return {connection, change, read: () => lease};
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

  it('is renewed at once and every five seconds, until stopped', async () => {
    const clock = createFakeClock();
    const {connection, read} = clusterWith('ada (run-1)');
    const renewed = () => renewTimeOf(read() ?? {apiVersion: '', kind: '', metadata: {name: ''}});
    const lock = holdLease({connection, clock, log: silentLog, run: {label: 'abcd'}, ...told()}, 'ada (run-1)');
    await clock.advance(1);
    expect(renewed()).toBe('1970-01-01T00:00:00.000000Z');
    await clock.advance(5000);
    expect(renewed()).toBe('1970-01-01T00:00:05.000000Z');
    expect(await lock.held()).toBe(true);
    await lock.stop();
    await clock.advance(10_000);
    expect(renewed()).toBe('1970-01-01T00:00:05.000000Z');
  });

  it('tells when somebody else has it, and when it is to be given up', async () => {
    const clock = createFakeClock();
    const {connection, change, read} = clusterWith('ada (run-1)');
    const {lost, asked, ...listeners} = told();
    const lock = holdLease({connection, clock, log: silentLog, run: {label: 'abcd'}, ...listeners}, 'ada (run-1)');
    await clock.advance(1);
    Object.assign(read()?.metadata ?? {}, {annotations: {'kubedrill.dev/abort': 'bob'}});
    await clock.advance(10_000);
    expect([asked, lost]).toEqual([['bob'], []]);
    change({holderIdentity: 'eve (run-2)'});
    await clock.advance(5000);
    expect(lost).toEqual(['the lock is held by eve (run-2) by now']);
    await lock.stop();
  });
});
