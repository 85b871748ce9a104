import type {Instant} from '../../measure/index.ts';
import {resolution} from '../figures.ts';
import type {ReportModel} from '../types.ts';

/** UTC stamp of an instant of the runner's clock, as fine as the instant is known. */
export function stamp({origin}: Pick<ReportModel, 'origin'>, {earliest, latest}: Instant): string {
  const wall = Date.parse(origin.at) + latest - origin.mono;
  if (!Number.isFinite(wall)) return 'n/a';
  const step = resolution(latest - earliest);
  const iso = new Date(Math.round(wall / step) * step).toISOString();
  const digits = step >= 1000 ? 19 : step >= 100 ? 21 : step >= 10 ? 22 : 23;
  return `${iso.slice(0, digits).replace('T', ' ')}Z`;
}

/**
 * From when to when an instant may have been: what is told one below the other, in its order, has to begin in its order.
 * `2026-11-28 11:28:50.2–11:28:50.7Z`.
 */
export function span({origin}: Pick<ReportModel, 'origin'>, {earliest, latest}: Instant): string {
  const from = stamp({origin}, {earliest, latest: earliest});
  const step = resolution(latest - earliest);
  const [low, high] = [Math.floor(earliest / step) * step, Math.ceil(latest / step) * step];
  if (high - low <= step || from === 'n/a') return from;
  const digits = step >= 1000 ? 19 : step >= 100 ? 21 : step >= 10 ? 22 : 23;
  const at = (mono: number) => new Date(Date.parse(origin.at) + mono - origin.mono).toISOString().replace('T', ' ');
  return `${at(low).slice(0, digits)}–${at(high).slice(11, digits)}Z`;
}

/** Seconds from one instant to another, as a range where they are not exact: `+1.2…1.4 s`. */
export function offset(from: Instant, to: Instant): string {
  const [low, high] = [to.earliest - from.latest, to.latest - from.earliest];
  // Milliseconds of a run's timeline are nothing that anybody reads.
  const step = Math.max(10, resolution(high - low));
  const decimals = step >= 1000 ? 0 : step >= 100 ? 1 : 2;
  const [first, last] = [Math.floor(low / step) * step, Math.ceil(high / step) * step];
  const figure = (ms: number) => (ms / 1000).toFixed(decimals).replace(/^-(0(?:\.0*)?)$/, '$1');
  const sign = first < 0 ? '' : '+';
  return first === last ? `${sign}${figure(first)} s` : `${sign}${figure(first)}…${figure(last)} s`;
}
