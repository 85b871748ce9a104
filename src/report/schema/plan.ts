import * as z from 'zod';
import type {JsonObject} from '../../io/json.ts';
import {json, ms, target, text} from './parts.ts';

const wanted = z.enum(['pass', 'fail', 'skip']);

export const step = z.strictObject({
  path: text,
  phase: z.enum(['prepare', 'inject', 'recover']),
  form: z.enum(['uses', 'waitFor', 'manual', 'pause', 'parallel', 'undo']),
  id: text.exactOptional(),
  name: text.exactOptional(),
  uses: text.exactOptional(),
  with: json.exactOptional(),
  text: text.exactOptional(),
  runbookStep: text.exactOptional(),
  timeout: ms,
  skipped: z.boolean().exactOptional(),
  deferred: z.boolean().exactOptional(),
  foreseen: z.number().exactOptional(),
  targets: z.array(target),
  cascade: z.array(target),
  undoKinds: z.array(text),
  reversal: text.exactOptional(),
  notes: z.array(text).exactOptional(),
});

export const vantage = z.enum(['runner', 'cluster', 'node']);

const probe = z.strictObject({
  name: text,
  uses: text,
  from: vantage,
  on: z.union([z.enum(['oneNode', 'eachNode']), z.strictObject({selector: text})]).exactOptional(),
  every: ms,
  timeout: ms,
  with: json,
  expect: text.exactOptional(),
  detector: z.literal(true).exactOptional(),
});

export const service = z.strictObject({
  name: text,
  up: z.array(text),
  outage: z.enum(['required', 'possible', 'none']),
  by: z.enum(['inject', 'recover']),
  okRatio: z.number(),
});

export const objective = z.strictObject({
  metric: z.enum(['rto', 'rpo', 'detection', 'restoreTime', 'availability', 'backupAge']),
  target: z.number().describe('Milliseconds; for availability a share of 1'),
  of: text.exactOptional(),
  from: z.enum(['fault', 'impact', 'declared', 'recovery']).exactOptional(),
  source: text,
});

const check = z.strictObject({
  name: text,
  uses: text,
  with: json,
  expect: text.exactOptional(),
  states: z.strictObject({before: wanted, broken: wanted, after: wanted}),
  control: text.exactOptional(),
});

// Values of variables are JSON, whatever it is.
const value = z.json() as unknown as z.ZodType<JsonObject[string], JsonObject[string]>;

/** The plan as frozen before the first mutation. */
export const plan = z.strictObject({
  type: z.enum(['disaster', 'redundancy', 'rehearsal', 'inspection']),
  vars: z.array(z.strictObject({name: text, value, committed: value, origin: text})),
  steps: z.array(step),
  probes: z.array(probe),
  canaries: z.array(z.strictObject({name: text, uses: text, every: ms, with: json})).exactOptional(),
  services: z.array(service),
  objectives: z.array(objective),
  checks: z.array(check),
  prove: z.strictObject({uses: text, with: json, expect: text.exactOptional()}).exactOptional(),
  steadyFor: ms,
  effectWithin: ms,
  verifyWithin: ms,
  stableFor: ms,
  runDeadline: ms,
  maxTargets: z.int().exactOptional(),
  allowProtected: z.array(
    z.strictObject({
      namespace: text,
      kind: text,
      selector: text.exactOptional(),
      name: text.exactOptional(),
      reason: text,
    }),
  ),
  accept: z.array(
    z.strictObject({loss: text, of: z.array(text).exactOptional(), since: text.exactOptional(), reason: text}),
  ),
  compareOff: text.exactOptional(),
  stopWhen: z.array(text),
  permissions: z.int(),
});
