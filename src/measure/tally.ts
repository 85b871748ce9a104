import {counted, type Track} from './track.ts';
import type {Bound, SampleCounts, Window} from './types.ts';

/** Instants on the runner's clock. */
export type Span = [from: number, to: number];

interface Totals {
  unavailable: Bound;
  blindMs: number;
  longestGap: number;
  counts: SampleCounts;
}

/** Spans of one series: surely down, not surely up, could not say. */
interface Spans {
  down: Span[];
  doubt: Span[];
  blind: Span[];
}

/**
 * What stands beside the RTO: time surely and possibly unavailable, blind time, the longest unseen outage, counts.
 *
 * Between two good samples in a row the series counts as up, between two bad ones in a row as down; whatever lies
 * between a good sample's start and the next good one's end with anything else in between may have been down.
 * Spans of several series are united, so that nothing is counted twice. `perhaps` are the widest spans of the service's
 * outages: what one probe leaves open between two samples of a slower one counts as possibly unavailable, too.
 */
export function tally(
  tracks: readonly Track[],
  window: Window,
  {perhaps, clockError}: {perhaps: readonly Span[]; clockError: number},
): Totals {
  const spans = tracks.map((track) => spansOf(track, window));
  const inner = {from: window.from + clockError, until: window.until - clockError};
  return {
    unavailable: {
      min: covered(
        spans.flatMap(({down}) => down),
        inner,
      ),
      max: covered([...spans.flatMap(({doubt}) => doubt), ...perhaps], window),
    },
    blindMs: covered(
      spans.flatMap(({blind}) => blind),
      window,
    ),
    longestGap: Math.max(0, ...tracks.map((track) => longestGap(track, window))),
    counts: tracks.map((track) => countsOf(track, window)).reduce(add, {...none}),
  };
}

function spansOf(track: Track, window: Window): Spans {
  const spans: Spans = {down: [], doubt: [], blind: []};
  /** Start of the last good sample; where nothing was seen yet, of the window. */
  let good = window.from;
  let broken = track.next === 0 || track.start(0) - window.from > track.limit;
  let downSince: number | undefined;
  let answered = window.from;
  for (let index = 0; index < track.next; index++) {
    const kind = track.classes[index];
    const [start, end] = [track.start(index), track.end(index)];
    const silent = index === 0 ? broken : track.silentBefore(index);
    if (silent) downSince = undefined;
    if (kind === counted.blind) {
      broken = true;
      downSince = undefined;
      continue;
    }
    if (silent || (index > 0 && track.classes[index - 1] === counted.blind)) spans.blind.push([answered, start]);
    broken ||= silent;
    answered = end;
    if (kind === counted.bad) {
      broken = true;
      if (downSince === undefined) downSince = end;
      else spans.down.push([downSince, start]);
    } else if (kind === counted.ok) {
      if (broken) spans.doubt.push([good, end]);
      [good, broken, downSince] = [start, false, undefined];
    }
  }
  const quiet = track.next === 0 || window.until - track.end(track.next - 1) > track.limit;
  if (broken || quiet) spans.doubt.push([good, window.until]);
  if (quiet || track.classes[track.next - 1] === counted.blind) spans.blind.push([answered, window.until]);
  return spans;
}

/** Milliseconds of the window that the spans cover together. */
function covered(spans: Span[], window: Window): number {
  let total = 0;
  let reached = window.from;
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const end = Math.min(to, window.until);
    total += Math.max(0, end - Math.max(from, reached));
    reached = Math.max(reached, end);
  }
  return total;
}

/** Longest time from a good sample's start to the next one's end, or to the window's, with nothing bad in between. */
function longestGap(track: Track, {from, until}: Window): number {
  let longest = 0;
  /** Undefined while something bad lies between: that outage was seen. */
  let since: number | undefined = from;
  for (let index = 0; index < track.next; index++) {
    const kind = track.classes[index];
    if (kind === counted.bad) since = undefined;
    if (kind !== counted.ok) continue;
    const end = track.end(index);
    if (since !== undefined && end >= from) longest = Math.max(longest, end - since);
    since = track.start(index);
  }
  return since === undefined ? longest : Math.max(longest, until - since);
}

const none: SampleCounts = {ok: 0, bad: 0, blind: 0, taken: 0, expected: 0, overrun: 0};

function countsOf(track: Track, {from, until}: Window): SampleCounts {
  const counts = {...none};
  let [first, last] = [-1, -1];
  for (let index = 0; index < track.next; index++) {
    if (track.end(index) + track.series.align.error < from) continue;
    if (first < 0) first = index;
    last = index;
    counts[track.at(index).state] += 1;
    counts.taken += 1;
  }
  const due = (ms: number) => (ms > track.limit ? Math.floor(ms / track.series.every) : 0);
  if (first < 0) return {...counts, expected: due(until - from)};
  counts.overrun = Math.max(0, track.at(last).seq - track.at(first).seq + 1 - counts.taken);
  counts.expected = counts.taken + counts.overrun + due(track.start(first) - from) + due(until - track.end(last));
  return counts;
}

function add(a: SampleCounts, b: SampleCounts): SampleCounts {
  return {
    ok: a.ok + b.ok,
    bad: a.bad + b.bad,
    blind: a.blind + b.blind,
    taken: a.taken + b.taken,
    expected: a.expected + b.expected,
    overrun: a.overrun + b.overrun,
  };
}
