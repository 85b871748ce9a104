import type {ObjectiveReport} from './types.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Steps that a figure is rounded to, finest first (milliseconds). */
const steps = [1, 10, 100, second];

/** How finely a figure that is known to ± half of `width` may be printed: never finer than a tenth of it, about. */
export function resolution(width: number): number {
  return steps.find((step) => width <= step * 20) ?? second;
}

/** A duration as a person reads it: `250 ms`, `1.25 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number, step = 1): string {
  const rounded = Math.round(ms / step) * step;
  if (rounded < second && step < 100) return `${rounded} ms`;
  if (rounded < 2 * minute) return `${seconds(rounded, step)} s`;
  if (rounded < 2 * hour) return pair(Math.round(rounded / second), 60, 'min', 's');
  return pair(Math.round(rounded / minute), 60, 'h', 'min');
}

function seconds(ms: number, step: number): string {
  const decimals = step >= second ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3;
  const text = (ms / second).toFixed(decimals);
  // Trailing zeros say how finely it was measured; an exact figure needs none.
  return step === 1 ? String(Number(text)) : text;
}

function pair(total: number, base: number, large: string, small: string): string {
  const rest = total % base;
  const whole = `${Math.floor(total / base)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/** Floating-point crumbs below this are none of ours (milliseconds). */
const crumb = 1e-6;

/** The ends of a bound as they are printed: what is told of them elsewhere has to agree. */
export function outwards(min: number, max: number): {step: number; low: number; high: number} {
  const step = resolution(max - min);
  return {step, low: Math.floor((min + crumb) / step) * step, high: Math.ceil((max - crumb) / step) * step};
}

/** A bound, rounded outwards so that it still holds: `0.6–1.8 s`, `3 min 18 s–3 min 24 s`. */
export function range(min: number, max: number): string {
  const {step, low, high} = outwards(min, max);
  if (low === high) return duration(low, step);
  // One unit for both ends: a row that mixes ms and s is misread.
  const parts = high >= second ? Math.max(step, 10) : step;
  const [from, to] = [duration(low, parts), duration(high, parts)];
  const unit = to.slice(to.indexOf(' '));
  const single = to.split(' ').length === 2 && from.endsWith(unit) && from.split(' ').length === 2;
  if (low === 0) return `0–${to}`;
  if (single) return `${from.slice(0, -unit.length)}–${to}`;
  return `${from}–${to}`;
}

/** A duration that is not exceeded, rounded up. */
export const atMost = (ms: number, step = 10): string => duration(Math.ceil((ms - crumb) / step) * step, step);

/** A duration that is reached, rounded down. */
export const atLeast = (ms: number, step = 100): string => duration(Math.floor((ms + crumb) / step) * step, step);

/** What was measured for an objective, in words. */
export function figure({bound, share}: Pick<ObjectiveReport, 'bound' | 'share'>): string {
  if (share) return shareRange(share.min, share.max);
  if (!bound) return 'n/a';
  return bound.max === undefined ? `≥ ${atLeast(bound.min)}` : range(bound.min, bound.max);
}

/**
 * What is left until the target, counted from the upper end as it is printed: `0–3 s` of 60 s leaves 57 s. The exact end
 * where the printed one would be beyond the target.
 */
export function room({bound, target, margin}: Pick<ObjectiveReport, 'bound' | 'target' | 'margin'>): Room | undefined {
  if (margin === undefined || margin < 0) return undefined;
  if (bound?.max === undefined || target === undefined || target <= 0) return {share: margin};
  const {high} = outwards(bound.min, bound.max);
  const upper = high > target ? bound.max : high;
  return {left: target - upper, share: (target - upper) / target};
}

/** Milliseconds, where it is a time; and of the target. */
export interface Room {
  left?: number;
  share: number;
}

/** The target of an objective, in words: `60 s`, `99.9 %`. */
export function goal({metric, target = 0}: Pick<ObjectiveReport, 'metric' | 'target'>): string {
  return metric === 'availability' ? `${Number((target * 100).toFixed(6))} %` : duration(target);
}

/** A share of 1 as a bound, rounded outwards: `98.2–99.95 %`. */
function shareRange(min: number, max: number): string {
  const digits = max - min > 0.01 ? 10 : 1000;
  const low = Math.floor((min + crumb) * 100 * digits) / digits;
  const high = Math.ceil((max - crumb) * 100 * digits) / digits;
  return low === high ? `${low} %` : `${low}–${high} %`;
}

/** `54 %`. */
export const percent = (share: number): string => `${Math.floor(share * 100)} %`;
