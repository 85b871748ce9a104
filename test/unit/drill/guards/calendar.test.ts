import {expect, test} from 'vitest';
import {blackoutSchema} from '../../../../src/drill/config/blackout.ts';
import {guardCalendar} from '../../../../src/drill/guards/calendar.ts';

const minutes = 60_000;
const trading = blackoutSchema.parse({
  reason: 'trading hours',
  timeZone: 'Europe/Berlin',
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '08:00',
  to: '18:00',
});
const ask = (now: string, span = 10 * minutes, config = {blackout: [trading]}) =>
  guardCalendar({config, now: new Date(now), span});

test('outside of every window a drill may run', () => {
  expect(ask('2026-11-20T18:00:00Z')).toEqual([expect.objectContaining({guard: 'blackout', ok: true})]);
});

test('an open window refuses, with its reason and the next free time', () => {
  const [answer] = ask('2026-11-20T12:00:00Z');
  expect(answer).toMatchObject({guard: 'blackout', ok: false, hint: 'There is time for it at 2026-11-20T17:00Z.'});
  expect(answer?.message).toMatch(/trading hours: mon, .* Europe\/Berlin\) is open/);
});

test('a window that opens before the drill would be done refuses too', () => {
  const [answer] = ask('2026-11-20T06:55:30Z');
  expect(answer?.message).toContain('opens in 4m30s, before the drill would be done');
  expect(ask('2026-11-20T06:55:30Z', 4 * minutes)).toEqual([expect.objectContaining({ok: true})]);
});

test('a gap that is too short for the drill is no free time', () => {
  const noon = blackoutSchema.parse({reason: 'noon', timeZone: 'Europe/Berlin', from: '18:05', to: '19:00'});
  const [answer] = ask('2026-11-20T12:00:00Z', 10 * minutes, {blackout: [trading, noon]});
  expect(answer?.hint).toBe('There is time for it at 2026-11-20T18:00Z.');
});

test('where a window never closes there is no free time', () => {
  const always = blackoutSchema.parse({reason: 'x', timeZone: 'UTC', dates: {from: '2026-01-01', to: '2027-12-31'}});
  const [answer] = ask('2026-11-20T12:00:00Z', minutes, {blackout: [always]});
  expect(answer?.hint).toContain('no free time');
});

test('a freeze refuses with its reason, beside the windows', () => {
  const config = {blackout: [trading], freeze: {reason: 'incident 4711'}};
  const answers = ask('2026-11-20T18:00:00Z', minutes, config);
  expect(answers.map(({guard, ok}) => [guard, ok])).toEqual([
    ['freeze', false],
    ['blackout', true],
  ]);
  expect(answers[0]?.message).toBe('drills are frozen: incident 4711');
});
