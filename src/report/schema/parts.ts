import * as z from 'zod';
import type {JsonObject} from '../../io/json.ts';
import {phases} from '../../journal/types.ts';

export const text = z.string();
export const ms = z.number().describe('Milliseconds');
export const json = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject, JsonObject>;

export const phase = z.enum(phases);
export const state = z.enum(['ok', 'bad', 'blind']);
export const verdict = z.enum(['passed', 'failed', 'inconclusive', 'aborted', 'refused', 'error']);
export const cleanup = z.enum(['clean', 'dirty']);

/** Which of two ends an instant or a duration lies between. */
export const instant = z
  .strictObject({earliest: ms, latest: ms})
  .describe("An instant that lies in an interval, on the runner's monotonic clock");
export const bound = z.strictObject({min: ms, max: ms}).describe('A duration that lies in an interval');
/** A bound without an upper end: it was not over in time. */
export const openBound = z
  .strictObject({min: ms, max: ms.exactOptional()})
  .describe('A duration that lies in an interval; without max it was not over in time');
export const figure = z.union([
  z.strictObject({lower: ms, upper: ms}),
  z.strictObject({atLeast: ms}),
  z.literal('none').describe('No outage was seen'),
  z.literal('n/a').describe('Not measured'),
]);

export const error = z.strictObject({
  code: text,
  message: text,
  hint: text.exactOptional(),
  causes: z.array(text).exactOptional(),
});

export const target = z.strictObject({
  apiVersion: text,
  kind: text,
  name: text,
  namespace: text.exactOptional(),
  uid: text.exactOptional(),
  node: text.exactOptional(),
});

const evidence = z.strictObject({series: text, start: ms, end: ms, detail: text.exactOptional()});

/** What samples say about one series or service. */
export const assessment = z.strictObject({
  state: z.enum(['up', 'down', 'blind', 'unknown']),
  goodSince: ms.exactOptional(),
  goodFor: ms,
  firstBad: evidence.exactOptional(),
  outages: z.array(
    z.strictObject({
      began: instant,
      ended: instant.exactOptional(),
      firstBad: evidence,
      lastBad: evidence,
      series: z.array(text),
      bad: z.int(),
      openStart: z.boolean(),
    }),
  ),
  recovered: z.strictObject({at: instant, provenAt: ms, outage: z.int()}).exactOptional(),
  relapses: z.int(),
  flaps: z.int(),
  unavailable: bound,
  blindMs: ms,
  longestGap: ms,
  counts: z.strictObject({
    ok: z.int(),
    bad: z.int(),
    blind: z.int(),
    taken: z.int(),
    expected: z.int(),
    overrun: z.int(),
  }),
  clockError: ms,
});
