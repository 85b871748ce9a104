import {Track, visitInOrder} from './track.ts';
import type {AlignedSeries, Instant, Window} from './types.ts';

/**
 * What a probe that watches an alert says: `detected` with the instant t2, `never` up to the last time it could say so,
 * `before` when it was good before the fault already (then its being good shows nothing), `unknown` when it could not
 * say at all before the fault, or after it.
 */
export type Detection =
  | {state: 'detected'; at: Instant}
  | {state: 'never'; until: number}
  | {state: 'before'}
  | {state: 'unknown'};

/**
 * When one series turned good for the first time after the fault. It must have been bad right before: then it turned
 * good between the last bad sample's start (not before the fault: the fault is the cause) and the good one's end.
 */
export function detectionOf(series: AlignedSeries, window: Window): Detection {
  const track = new Track(series, {okRatio: 1, stableFor: 0});
  const {error} = series.align;
  let before: 'ok' | 'bad' | undefined;
  let lastBad: number | undefined;
  let heard: number | undefined;
  let found: Detection | undefined;
  visitInOrder([track], window.until, (_, index) => {
    const {state} = track.at(index);
    if (state === 'blind' || found) return;
    const [start, end] = [track.start(index), track.end(index)];
    if (end + error <= window.from) before = state;
    else if (state === 'ok' && before === 'bad') {
      found = {
        state: 'detected',
        at: {earliest: Math.max(window.from, (lastBad ?? start) - error), latest: end + error},
      };
    } else heard = start - error;
    if (state === 'bad') lastBad = start;
  });
  if (before === undefined) return {state: 'unknown'};
  if (before === 'ok') return {state: 'before'};
  return found ?? (heard === undefined || heard < window.from ? {state: 'unknown'} : {state: 'never', until: heard});
}

/** The first detection of several series; without one what the least sure of them says, as it may have missed one. */
export function firstDetection(detections: readonly Detection[]): Detection {
  const found = detections.filter((one) => one.state === 'detected').sort((a, b) => a.at.latest - b.at.latest)[0];
  if (found) return found;
  const never = detections.filter((one) => one.state === 'never');
  if (never.length > 0 && never.length === detections.length) {
    return {state: 'never', until: Math.min(...never.map(({until}) => until))};
  }
  return detections.find(({state}) => state !== 'never') ?? {state: 'unknown'};
}
