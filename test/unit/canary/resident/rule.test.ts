import {expect, test} from 'vitest';
import {isCountable, isKept, minuteOf} from '../../../../src/canary/resident/rule.ts';

const now = minuteOf(new Date('2026-11-20T12:30:00Z'));
const day = 24 * 60;

test('every minute for two days, one an hour for 35 days, then nothing', () => {
  expect(isKept(now, now)).toBe(true);
  expect(isKept(now - 2 * day, now)).toBe(true);
  expect(isKept(now - 2 * day - 1, now)).toBe(false);
  expect(isKept(now - 2 * day - 30, now)).toBe(true);
  expect(isKept(now - 34 * day - 30, now)).toBe(true);
  expect(isKept(now - 35 * day - 30, now)).toBe(false);
});

test('what is kept at all times of a month: some 3700 objects, not 50000', () => {
  const all = Array.from({length: 40 * day}, (_, age) => now - age);
  expect(all.filter((minute) => isKept(minute, now)).length).toBeLessThan(3700);
});

test('what a drill counts stays there as long as the drill can last', () => {
  const all = Array.from({length: 36 * day}, (_, age) => now - age).filter((minute) => isCountable(minute, now));
  expect(all.length).toBeGreaterThan(day);
  expect(all.every((minute) => isKept(minute, now + day))).toBe(true);
});
