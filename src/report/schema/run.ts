import * as z from 'zod';
import {cleanup, json, ms, openBound, text, verdict} from './parts.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Who played what with which tool. */
export const run = z.strictObject({
  run: z.strictObject({id: text, label: text}),
  tool: z.strictObject({name: z.literal('kubedrill'), version: text, node: text, platform: text}),
  scenario: z.strictObject({
    name: text,
    title: text,
    owner: text,
    file: text,
    sha256: text.describe('Of the file as it was read'),
    cadence: text.exactOptional(),
    runbook: json.exactOptional(),
    evidenceFor: z.array(text).exactOptional(),
    labels: json.exactOptional(),
    description: text.exactOptional(),
  }),
  git: z.strictObject({commit: text, dirty: z.boolean()}).exactOptional(),
  people: z.strictObject({
    operator: text,
    approvedBy: text.exactOptional(),
    observer: text.exactOptional(),
    ticket: text.exactOptional(),
    attended: z.boolean(),
  }),
  attempt: z.int(),
  practice: z.literal(true).exactOptional(),
  seed: z.int(),
  command: text,
});

export const cluster = z.strictObject({
  uid: text,
  server: text,
  context: text,
  version: text,
  environment: text,
  environmentSource: text,
  practice: z.boolean(),
  nodes: z.array(z.strictObject({name: text, version: text, roles: z.array(text), ready: z.boolean()})),
});

export const finding = z.strictObject({
  id: text.min(1),
  title: text.min(1),
  owner: text.min(1),
  due: z.iso.date({error: 'expected a day: 2026-12-31'}),
  status: z.enum(['open', 'in-progress', 'done', 'accepted']),
  run: text.min(1).describe('Id of the run that it is from'),
  ticket: text.exactOptional(),
});

export const earlierRun = z.strictObject({
  run: text,
  at: text,
  verdict,
  cleanup,
  rto: openBound.exactOptional(),
  rpo: openBound.exactOptional(),
});

export const previous = z.strictObject({run: text, sha256});
export const file = z.strictObject({path: text, sha256, bytes: z.int()});
export const trend = z.strictObject({
  runs: z.int(),
  median: ms,
  change: z.number().describe("Share by which this run's upper end is longer than the median"),
  regression: z.boolean(),
});
