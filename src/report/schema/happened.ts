import * as z from 'zod';
import {error, ms, phase, target, text} from './parts.ts';
import {step as plannedStep} from './plan.ts';

const answer = z.enum(['pass', 'fail', 'blind', 'error']);
const moment = z.strictObject({
  wanted: z.enum(['pass', 'fail', 'skip']),
  seen: answer.exactOptional(),
  asWanted: z.boolean(),
  detail: text.exactOptional(),
});

export const guard = z.strictObject({
  phase,
  guard: text,
  ok: z.boolean(),
  message: text,
  hint: text.exactOptional(),
});

export const check = z.strictObject({
  name: text,
  uses: text,
  expect: text.exactOptional(),
  moments: z.strictObject({before: moment, broken: moment, after: moment}),
  control: z.strictObject({name: text, seen: answer.exactOptional()}).exactOptional(),
});

export const step = z.strictObject({
  ...plannedStep.shape,
  outcome: z.enum(['done', 'deviated', 'failed', 'timeout', 'aborted', 'lost', 'skipped', 'not executed', 'running']),
  started: ms.exactOptional(),
  ended: ms.exactOptional(),
  hit: z.array(target),
  error: error.exactOptional(),
  note: text.exactOptional(),
  who: text.exactOptional(),
});

export const compared = z.strictObject({
  objects: z.int(),
  namespaces: z.array(text),
  differences: z.array(
    z.strictObject({
      target,
      change: z.enum(['missing', 'extra', 'changed']),
      paths: z.array(text),
      explained: text.exactOptional(),
      command: text.exactOptional(),
    }),
  ),
  unseen: z.array(text),
});

export const mutation = z.strictObject({
  id: text,
  role: z.enum(['fixture', 'fault', 'recovery']),
  phase,
  step: text.exactOptional(),
  target,
  undoKind: text,
  applied: z.enum(['yes', 'maybe', 'no']),
  undo: z.enum(['open', 'undone', 'already', 'conflict', 'failed', 'kept']),
  outstanding: z.boolean(),
  detail: text.exactOptional(),
  command: text.exactOptional(),
  error: error.exactOptional(),
  warnings: z.array(text).exactOptional(),
});
