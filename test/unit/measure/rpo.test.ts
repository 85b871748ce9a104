import {describe, expect, test} from 'vitest';
import {type CanaryWrite, derivedRpo, lossOf, rpo, type WriteState} from '../../../src/measure/rpo.ts';

/** Writes 100 ms apart that take 10 ms: `a` acknowledged, `r` refused, `u` unknown. */
const written = (states: string): CanaryWrite[] =>
  [...states].map((state, number) => ({
    number,
    start: number * 100,
    end: number * 100 + 10,
    state: ({a: 'acknowledged', r: 'refused', u: 'unknown'} as Record<string, WriteState>)[state] ?? 'refused',
  }));
/** The numbers marked with x. */
const there = (marks: string) => new Set([...marks].flatMap((mark, number) => (mark === 'x' ? [number] : [])));
const edges = {from: 0, until: 100_000};

describe('what was lost', () => {
  test('acknowledged minus surviving, with the edges of the loss', () => {
    const loss = lossOf(written('aaaarra'), there('xx....x'));
    expect(loss).toMatchObject({tried: 7, acknowledged: 5, refused: 2, unknown: 0, lost: 2, perhapsLost: 0});
    expect([loss.lastSurvivor?.number, loss.firstLost?.number, loss.lastLost?.number]).toEqual([1, 2, 3]);
    expect(loss.stretches).toEqual([{first: 2, last: 3, lost: 2}]);
    expect(loss.resumed).toBe(true);
  });

  test('writes that go on after the recovery do not hide it', () => {
    const loss = lossOf(written('aaaaaaaaaaaa'), there('xxx..xxxxxxx'));
    expect(loss.lost).toBe(2);
    expect(rpo(written('aaaaaaaaaaaa'), there('xxx..xxxxxxx'), edges)).toEqual({lower: 90, upper: 310});
  });

  test('holes: a store that kept later writes and lost earlier ones', () => {
    const loss = lossOf(written('aaaaaaaaaa'), there('x.xx..xxxx'));
    expect(loss.stretches).toEqual([
      {first: 1, last: 1, lost: 1},
      {first: 4, last: 5, lost: 2},
    ]);
    expect(loss.lastSurvivor?.number).toBe(0);
  });

  test('a write without an answer may be lost, or there without having been acknowledged', () => {
    expect(lossOf(written('auua'), there('x.xx'))).toMatchObject({
      unknown: 2,
      perhapsLost: 1,
      unacknowledged: 1,
      lost: 0,
    });
  });

  test('numbers that nobody wrote are counted', () => {
    expect(lossOf(written('aa'), there('xxx')).foreign).toBe(1);
    expect(rpo(written('aa'), there('xxx'), edges)).toBe('n/a');
  });

  test('a write that was refused and is there all the same survived', () => {
    const loss = lossOf(written('ara'), there('xxx'));
    expect(loss).toMatchObject({lost: 0, unacknowledged: 1});
  });
});

describe('the loss in time', () => {
  test('up to the moment the store was stopped, which is not when it was back', () => {
    // Stopped between write 3 and the refusal of write 4, and back 6 s later.
    const writes = written(`aaaa${'r'.repeat(60)}a`);
    const present = there(`xx${'.'.repeat(62)}x`);
    expect(rpo(writes, present, edges)).toEqual({lower: 300 - 210, upper: 410 - 100});
  });

  test('without an answer nothing is known of the moment: the next sure one bounds it', () => {
    expect(rpo(written('aaauuur'), there('xx'), edges)).toEqual({lower: 0, upper: 610 - 100});
  });

  test('a write without an answer before the first lost one pushes the edge out', () => {
    expect(rpo(written('aauaar'), there('xx..'), edges)).toEqual({lower: 90, upper: 510 - 100});
    expect(rpo(written('auaar'), there('x.x'), edges)).toEqual({lower: 0, upper: 410 - 0});
  });

  test('nothing lost: what was written between a survivor and the next sure attempt may be gone', () => {
    expect(rpo(written('aara'), there('xx.x'), edges)).toEqual({lower: 0, upper: 110});
    expect(rpo(written('aauura'), there('xx...x'), edges)).toEqual({lower: 0, upper: 410 - 100});
  });

  test('a gap from before the fault hides no loss of the drill', () => {
    expect(rpo(written('auuuuaaa'), there('x....xxx'), {from: 600, until: 720})).toEqual({lower: 0, upper: 110});
  });

  test('no survivor before: the recovery point is older than the canary', () => {
    expect(rpo(written('aaar'), there('....'), edges)).toEqual({atLeast: 190});
    const taken = {earliest: -60_000, latest: -59_000};
    expect(derivedRpo(written('aaar'), there('....'), {taken, until: 1000})).toEqual({lower: 59_200, upper: 60_310});
  });

  test('no acknowledged write, no figure; nothing lost, nothing derived', () => {
    expect(rpo(written('rru'), there('...'), edges)).toBe('n/a');
    expect(derivedRpo(written('aa'), there('xx'), {taken: {earliest: 0, latest: 0}, until: 9})).toBe('n/a');
  });
});
