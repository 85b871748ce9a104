import {expect, test} from 'vitest';
import {span} from '../../../../src/report/page/time.ts';

const origin = {mono: 1000, at: '2026-11-28T11:28:50.000Z'};

test('an instant that is known is told once', () => {
  expect(span({origin}, {earliest: 1214, latest: 1214})).toBe('2026-11-28 11:28:50.214Z');
});

test('one that is not, from when to when it may have been, no finer than it is known', () => {
  expect(span({origin}, {earliest: 1214, latest: 1714})).toBe('2026-11-28 11:28:50.2–11:28:50.8Z');
  expect(span({origin}, {earliest: 1000, latest: 62_000})).toBe('2026-11-28 11:28:50–11:29:51Z');
});

test('a journal without a stamp has none', () => {
  expect(span({origin: {mono: 0, at: ''}}, {earliest: 1, latest: 900})).toBe('n/a');
});
