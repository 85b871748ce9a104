import * as z from 'zod';

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Weekday = (typeof weekdays)[number];

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const timeOfDay = (description: string) =>
  z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, {error: 'expected a time of day such as "08:00", in quotes'})
    .describe(description);

const date = (description: string) =>
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/, {error: 'expected a date such as 2026-12-24'})
    .refine(isDate, {error: 'there is no such day'})
    .describe(description);

/** A time in which no drill may run, by the clock on the wall of a time zone. */
export const blackoutSchema = z
  .strictObject({
    reason: z
      .string()
      .min(1, {error: 'must not be empty'})
      .describe('Why no drill may run then; told when one is refused'),
    timeZone: z
      .string()
      .refine(isTimeZone, {error: 'expected an IANA time zone such as Europe/Berlin or UTC'})
      .describe('Time zone of days, dates and times, such as Europe/Berlin'),
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .optional()
      .describe('Days of the week on which it begins; absent: every day'),
    dates: z
      .strictObject({from: date('First day'), to: date('Last day, itself included')})
      .refine(({from, to}) => from <= to, {error: 'the last day must not lie before the first one'})
      .optional()
      .describe('Days of the calendar on which it begins; absent: always'),
    from: timeOfDay('Time of day at which it begins; absent: all day').optional(),
    to: timeOfDay('Time of day at which it ends, itself excluded; not after `from`: on the next day').optional(),
  })
  .refine(({from, to}) => (from === undefined) === (to === undefined), {error: 'needs both from and to, or neither'})
  .refine(({from, to}) => from === undefined || from !== to, {
    error: 'from and to must differ; leave both out for all day',
  })
  .refine(({days, dates, from}) => days ?? dates ?? from, {error: 'needs days, dates, or from and to'})
  .describe('A time in which no drill may run');

export type Blackout = z.output<typeof blackoutSchema>;

/** What the clock on the wall shows: the day as milliseconds of its midnight in UTC, and the minute of the day. */
interface WallTime {
  day: number;
  minute: number;
}

/**
 * Tells whether an instant lies in the window. It goes by what the clock on the wall shows, so that 08:00 stays 08:00
 * when daylight saving begins or ends: an hour that the clock skips is in no window, one shown twice is in it twice.
 */
export function insideOf(window: Blackout): (instant: Date) => boolean {
  // Making one takes ten times as long as asking it, and a search asks for each minute of days.
  const format = formatter(window.timeZone);
  const {from, to} = window;
  if (from === undefined || to === undefined) return (instant) => beginsOn(window, wallTime(format, instant).day);
  const [start, end] = [minuteOf(from), minuteOf(to)];
  return (instant) => {
    const {day, minute} = wallTime(format, instant);
    if (start < end) return minute >= start && minute < end && beginsOn(window, day);
    // Over midnight: the early hours belong to the day before.
    return (minute >= start && beginsOn(window, day)) || (minute < end && beginsOn(window, day - dayMs));
  };
}

/**
 * The first instant from `start` on, within `span` milliseconds, at which `holds` is true. Windows begin and end on
 * whole minutes, so that only those are asked, and `start` itself.
 */
export function firstInstant(start: Date, span: number, holds: (instant: Date) => boolean): Date | undefined {
  if (holds(start)) return start;
  const end = start.getTime() + span;
  for (let at = Math.floor(start.getTime() / minuteMs + 1) * minuteMs; at <= end; at += minuteMs) {
    const instant = new Date(at);
    if (holds(instant)) return instant;
  }
  return undefined;
}

/** The window in words: `mon, tue 08:00–18:00 Europe/Berlin`. */
export function describeBlackout({days, dates, from, to, timeZone}: Blackout): string {
  const when = [
    ...(days === undefined ? [] : [days.join(', ')]),
    ...(dates === undefined ? [] : [dates.from === dates.to ? dates.from : `${dates.from} to ${dates.to}`]),
    ...(from === undefined || to === undefined ? [] : [`${from}–${to}`]),
  ];
  return `${when.join(' ')} ${timeZone}`;
}

function beginsOn({days, dates}: Blackout, day: number): boolean {
  const midnight = new Date(day);
  const weekday: Weekday = weekdays[midnight.getUTCDay()] ?? 'sun';
  if (days !== undefined && !days.includes(weekday)) return false;
  const text = midnight.toISOString().slice(0, 10);
  return dates === undefined || (text >= dates.from && text <= dates.to);
}

function wallTime(format: Intl.DateTimeFormat, instant: Date): WallTime {
  const parts = format.formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value);
  return {day: Date.UTC(part('year'), part('month') - 1, part('day')), minute: part('hour') * 60 + part('minute')};
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function isTimeZone(name: string): boolean {
  try {
    formatter(name);
    return true;
  } catch {
    return false;
  }
}

function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return Number.isFinite(at.getTime()) && at.toISOString().startsWith(text);
}
