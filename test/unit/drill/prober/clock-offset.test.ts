import {describe, expect, it} from 'vitest';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import {measureOffset} from '../../../../src/drill/prober/clock-offset.ts';
import {createFakeClock} from '../../../support/fake-clock.ts';

const pod = {namespace: 'kubedrill', name: 'prober'};
const {signal} = new AbortController();

/** An API whose way there and back takes the given milliseconds, before a prober whose clock is 1000 behind. */
function measure(ways: ([number, number] | ClusterError)[], answer?: {status: number; body: string}) {
  const clock = createFakeClock();
  const raw = async () => {
    const way = ways.shift() ?? [50, 50];
    if (way instanceof Error) throw way;
    clock.stall(way[0]);
    const body = JSON.stringify({mono: clock.mono() - 1000, wall: clock.wall().toISOString(), boot: 'a'});
    clock.stall(way[1]);
    return {status: 200, body, headers: {}, ...answer};
  };
  return measureOffset({raw}, pod, {clock, signal});
}

describe('measureOffset', () => {
  it('keeps the shortest round trip and errs by half of it at most', async () => {
    const {offset, error} = await measure([
      [40, 10],
      [3, 1],
      [20, 20],
    ]);
    expect(error).toBe(2);
    expect(Math.abs(offset - 1000)).toBeLessThanOrEqual(error);
  });

  it('is right within its error however uneven the way is', async () => {
    for (const way of [
      [10, 0],
      [0, 10],
      [5, 5],
    ] as [number, number][]) {
      const {offset, error} = await measure(Array.from({length: 5}, () => [...way] as [number, number]));
      expect(Math.abs(offset - 1000)).toBeLessThanOrEqual(error);
    }
  });

  it('gets along with tries that fail', async () => {
    const {error} = await measure([new ClusterError('away', {reason: 'unreachable'}), [2, 2]]);
    expect(error).toBe(2);
  });

  it.each([
    [403, 'forbidden'],
    [503, 'badAnswer'],
  ])('rejects when the API answers %i', async (status, reason) => {
    await expect(measure([], {status, body: 'no'})).rejects.toMatchObject({
      reason,
      hint: expect.stringContaining('pods/proxy'),
    });
  });
});
