import * as z from 'zod';
import {durationField} from '../../io/fields.ts';
import {expression, fixedText, identifier, inputObject, kind, structural, text} from './fields.ts';

const waitForSchema = z
  .strictObject({
    probe: identifier('Waits until this probe of `probes` is ok').optional(),
    uses: kind('Waits until this kind of probe or check is ok').optional(),
    with: inputObject('Input of `uses`').optional(),
    expect: expression('CEL over what `uses` observes').optional(),
  })
  .describe('Waits for a condition; needs `within`');

const stepFields = {
  id: identifier('Name by which later steps and expressions refer to this one').optional(),
  name: fixedText('What the step does, for people').optional(),
  if: expression('CEL over vars and env; the step is listed and skipped when it is false').optional(),
  uses: kind('Kind of action; see `kubedrill explain actions`').optional(),
  with: inputObject('Input of the action').optional(),
  waitFor: waitForSchema.optional(),
  within: durationField().optional().describe('waitFor: how long to wait at most'),
  every: durationField().optional().describe('waitFor: how often to ask; default 1s'),
  stableFor: durationField().optional().describe('waitFor: how long it must stay ok; default 0s'),
  manual: text('Something that a person does or decides; the text they see').optional(),
  role: text('manual: who does it').optional(),
  expected: durationField().optional().describe('manual: how long it should take'),
  marks: structural(z.enum(['detected', 'declared', 'restored']))
    .optional()
    .describe(
      'The end of this step is the instant at which the disaster was detected, recovery declared, or service restored',
    ),
  unattended: z
    .enum(['skip', 'refuse'])
    .optional()
    .describe('manual: without a person, skip the step or refuse the run; default refuse'),
  pause: durationField().optional().describe('Does nothing for this long'),
  undo: identifier('recover: takes back the step with this id, there and then').optional(),
  timeout: durationField().optional().describe('The step is stopped after this long; default 5m'),
  runbookStep: fixedText('The step of the runbook that this one plays').optional(),
};

/** A step inside `parallel`: every form but another `parallel`. */
export const innerStepSchema = z.strictObject(stepFields).describe('One of the steps played at the same time');

/** Keys of which a step has exactly one. */
export const stepForms = ['uses', 'waitFor', 'manual', 'pause', 'parallel', 'undo'] as const;

export const stepSchema = z
  .strictObject({
    ...stepFields,
    parallel: z.array(innerStepSchema).min(2).optional().describe('Steps played at the same time'),
  })
  .describe('One step: exactly one of uses, waitFor, manual, pause, parallel, undo');
