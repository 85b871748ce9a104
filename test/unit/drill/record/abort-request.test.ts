import {expect, it} from 'vitest';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {Connection} from '../../../../src/cluster/types.ts';
import {requestAbort, requestAbortByLease, watchAbort} from '../../../../src/drill/record/abort-request.ts';
import {systemClock} from '../../../../src/io/clock.ts';
import {temporaryFolder} from '../../../support/kubedrill.ts';

it('tells the run in the folder who asked, once', async () => {
  const folder = await temporaryFolder();
  const told: string[] = [];
  const {promise, resolve} = Promise.withResolvers<void>();
  const end = watchAbort(folder, systemClock, (by) => {
    told.push(by);
    resolve();
  });
  await requestAbort(folder, 'bob');
  await promise;
  end();
  expect(told).toEqual(['bob']);
});

/** A cluster whose lease is held by `ada (run-1)`, and renewed before each of the first `busy` patches. */
function leased(busy: number) {
  const patches: unknown[] = [];
  let version = 0;
  const connection = {
    reader: {
      get: async () => ({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {name: 'drill', namespace: 'kubedrill', resourceVersion: String(++version)},
        spec: {holderIdentity: 'ada (run-1)'},
      }),
    },
    writer: {
      patch: async (_: unknown, patch: unknown) => {
        patches.push(patch);
        if (patches.length <= busy) throw new ClusterError('it has changed', {reason: 'conflict', status: 409});
        return patch;
      },
    },
  } as unknown as Connection;
  return {connection, patches};
}

it('asks by the lease, also when a renewal comes in between', async () => {
  const {connection, patches} = leased(2);
  expect(await requestAbortByLease(connection, 'run-1', 'bob')).toBe('ada (run-1)');
  expect(patches.at(-1)).toEqual({
    metadata: {resourceVersion: '3', annotations: {'kubedrill.dev/abort': 'bob'}},
  });
});

it('leaves the lease of another run alone', async () => {
  const {connection, patches} = leased(0);
  expect(await requestAbortByLease(connection, 'run-11', 'bob')).toBeUndefined();
  expect(patches).toEqual([]);
});
