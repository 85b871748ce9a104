import {describe, expect, test} from 'vitest';
import {
  type Blackout,
  blackoutSchema,
  describeBlackout,
  firstInstant,
  insideOf,
} from '../../../../src/drill/config/blackout.ts';

const window = (parts: Partial<Blackout>): Blackout =>
  blackoutSchema.parse({reason: 'a test', timeZone: 'Europe/Berlin', ...parts});
const inside = (parts: Partial<Blackout>, at: string) => insideOf(window(parts))(new Date(at));

describe('by the clock on the wall', () => {
  // Berlin is one hour ahead of UTC in winter and two in summer.
  test.each([
    ['its first minute', '2026-11-20T07:00:00Z', true],
    ['a moment before', '2026-11-20T06:59:59Z', false],
    ['its end is outside', '2026-11-20T17:00:00Z', false],
    ['the same times in summer', '2026-07-20T06:00:00Z', true],
    ['an hour before them in summer', '2026-07-20T05:59:00Z', false],
  ])('08:00 to 18:00: %s', (_, at, expected) => {
    expect(inside({from: '08:00', to: '18:00'}, at)).toBe(expected);
  });

  test.each([
    ['the evening', '2026-11-20T21:30:00Z', true],
    ['the early hours of the next day', '2026-11-21T04:59:00Z', true],
    ['the early hours of the day itself', '2026-11-20T04:00:00Z', false],
    ['after the end', '2026-11-21T05:00:00Z', false],
  ])('friday over midnight: %s', (_, at, expected) => {
    expect(inside({days: ['fri'], from: '22:00', to: '06:00'}, at)).toBe(expected);
  });

  test('until 24:00 is until the end of the day', () => {
    expect(inside({days: ['fri'], from: '22:00', to: '24:00'}, '2026-11-20T22:59:00Z')).toBe(true);
    expect(inside({days: ['fri'], from: '22:00', to: '24:00'}, '2026-11-20T23:00:00Z')).toBe(false);
  });

  test('days and dates are those of the time zone', () => {
    // Saturday in Auckland begins when it is Friday noon in UTC.
    const auckland = {timeZone: 'Pacific/Auckland', days: ['sat' as const]};
    expect(inside(auckland, '2026-11-20T11:00:00Z')).toBe(true);
    expect(inside(auckland, '2026-11-20T10:59:00Z')).toBe(false);
    const year = {dates: {from: '2026-12-24', to: '2027-01-02'}};
    expect(inside(year, '2026-12-23T23:00:00Z')).toBe(true);
    expect(inside(year, '2026-12-23T22:59:00Z')).toBe(false);
    expect(inside(year, '2027-01-02T22:59:00Z')).toBe(true);
    expect(inside(year, '2027-01-02T23:00:00Z')).toBe(false);
  });
});

describe('when daylight saving begins and ends', () => {
  const night = {from: '02:30', to: '03:30'};
  test('what the clock skips is in no window, the rest of it is', () => {
    // 2026-03-29, Berlin: 01:59 is followed by 03:00, at 01:00 UTC.
    expect(inside(night, '2026-03-29T00:59:00Z')).toBe(false);
    expect(inside(night, '2026-03-29T01:00:00Z')).toBe(true);
    expect(inside(night, '2026-03-29T01:29:00Z')).toBe(true);
    expect(inside(night, '2026-03-29T01:30:00Z')).toBe(false);
  });
  test('what it shows twice is in it twice', () => {
    // 2026-10-25, Berlin: 02:59 summer time is followed by 02:00.
    expect(inside(night, '2026-10-25T00:45:00Z')).toBe(true);
    expect(inside(night, '2026-10-25T01:15:00Z')).toBe(false);
    expect(inside(night, '2026-10-25T01:45:00Z')).toBe(true);
  });
});

test('the next opening is found to the minute, and no further than asked', () => {
  const holds = insideOf(window({from: '08:00', to: '18:00'}));
  const start = new Date('2026-11-20T06:30:12Z');
  expect(firstInstant(start, 3_600_000, holds)?.toISOString()).toBe('2026-11-20T07:00:00.000Z');
  expect(firstInstant(start, 600_000, holds)).toBeUndefined();
  expect(firstInstant(new Date('2026-11-20T07:30:12Z'), 0, holds)?.toISOString()).toBe('2026-11-20T07:30:12.000Z');
});

test('a window says when it is', () => {
  const all = window({days: ['mon', 'tue'], dates: {from: '2026-12-01', to: '2026-12-31'}, from: '08:00', to: '18:00'});
  expect(describeBlackout(all)).toBe('mon, tue 2026-12-01 to 2026-12-31 08:00–18:00 Europe/Berlin');
});

test.each([
  [{from: '08:00'}, 'both from and to'],
  [{from: '08:00', to: '08:00'}, 'must differ'],
  [{}, 'needs days, dates, or from and to'],
  [{timeZone: 'Mars/Olympus', days: ['mon']}, 'IANA time zone'],
  [{from: '8:00', to: '25:00'}, 'time of day'],
  [{dates: {from: '2026-02-30', to: '2026-03-01'}}, 'no such day'],
  [{dates: {from: '2026-03-02', to: '2026-03-01'}}, 'before the first'],
])('%j is no window', (parts, message) => {
  const answer = blackoutSchema.safeParse({reason: 'a test', timeZone: 'UTC', ...parts});
  expect(answer.error?.message).toContain(message);
});
