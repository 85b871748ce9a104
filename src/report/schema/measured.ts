import * as z from 'zod';
import {assessment, bound, figure, instant, ms, openBound, state, text} from './parts.ts';
import {objective as plannedObjective, service as plannedService, vantage} from './plan.ts';

export const timelineRow = z.strictObject({
  name: z.enum(['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 't8']),
  what: text,
  service: text.exactOptional(),
  instant: instant.exactOptional(),
  at: text.exactOptional(),
  source: text,
});

export const series = z.strictObject({
  name: text,
  probe: text,
  node: text.exactOptional(),
  from: vantage,
  every: ms,
  clocks: z.array(text),
  files: z.array(text),
  control: state.exactOptional(),
  assessment: assessment.exactOptional(),
  runs: z.array(z.strictObject({state, from: ms, until: ms})),
  strip: text.exactOptional(),
});

export const service = z.strictObject({
  ...plannedService.shape,
  series: z.array(text),
  assessment: assessment.exactOptional(),
  before: assessment.shape.state.exactOptional(),
});

const write = z.strictObject({
  number: z.int(),
  start: ms,
  end: ms,
  state: z.enum(['acknowledged', 'refused', 'unknown']),
});
const basis = z.enum(['measured', 'derived']);

export const canary = z.strictObject({
  name: text,
  uses: text,
  every: ms,
  resident: z.boolean(),
  file: text.exactOptional(),
  loss: z
    .strictObject({
      tried: z.int(),
      acknowledged: z.int(),
      refused: z.int(),
      unknown: z.int(),
      lost: z.int(),
      perhapsLost: z.int(),
      unacknowledged: z.int(),
      foreign: z.int(),
      stretches: z.array(z.strictObject({first: z.int(), last: z.int(), lost: z.int()})),
      firstLost: write.exactOptional(),
      lastLost: write.exactOptional(),
      lastSurvivor: write.exactOptional(),
      resumed: z.boolean(),
    })
    .exactOptional(),
  figure: z.union([z.strictObject({lower: ms, upper: ms}), z.strictObject({atLeast: ms}), z.literal('n/a')]),
  bound: openBound.exactOptional(),
  basis: basis.exactOptional(),
  note: text.exactOptional(),
});

export const detection = z.union([
  z.strictObject({probe: text, uses: text, state: z.literal('detected'), at: instant}),
  z.strictObject({probe: text, uses: text, state: z.literal('never'), until: ms}),
  z.strictObject({probe: text, uses: text, state: z.enum(['before', 'unknown'])}),
]);

export const objective = z.strictObject({
  ...plannedObjective.shape,
  target: plannedObjective.shape.target.exactOptional(),
  figure,
  bound: openBound.exactOptional(),
  share: bound.exactOptional().describe('Availability: a share of 1, at least and at most'),
  basis: basis.exactOptional(),
  result: z.enum(['met', 'breached', 'inconclusive', 'no-target', 'not-measured']),
  margin: z.number().exactOptional().describe('Share of the target that the upper end leaves'),
  note: text.exactOptional(),
});
