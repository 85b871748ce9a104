import * as z from 'zod';
import {durationField} from '../../io/fields.ts';
import {expression, fixedText, identifier, inputObject, kind, object, optional, structural, text} from './fields.ts';

const waitForSchema = object('Waits for a condition; needs `within`', {
  probe: identifier('Waits until this probe of `probes` is ok').optional(),
  uses: kind('Waits until this kind of probe or check is ok').optional(),
  with: inputObject('Input of `uses`').optional(),
  expect: expression('CEL over what `uses` observes').optional(),
});

const stepFields = {
  id: identifier('Name by which later steps and expressions refer to this one').optional(),
  name: fixedText('What the step does, for people').optional(),
  if: expression('CEL over vars and env; the step is listed and skipped when it is false').optional(),
  uses: kind('Kind of action; see `kubedrill explain actions`').optional(),
  with: inputObject('Input of the action').optional(),
  waitFor: waitForSchema.optional(),
  within: optional(durationField(), 'waitFor: how long to wait at most'),
  every: optional(durationField(), 'waitFor: how often to ask; default 1s'),
  stableFor: optional(durationField(), 'waitFor: how long it must stay ok; default 0s'),
  manual: text('Something that a person does or decides; the text they see').optional(),
  role: text('manual: who does it').optional(),
  expected: optional(durationField(), 'manual: how long it should take'),
  marks: optional(
    structural(z.enum(['detected', 'declared', 'restored'])),
    'The end of this step is the instant at which the disaster was detected, recovery declared, or service restored',
  ),
  unattended: optional(
    z.enum(['skip', 'refuse']),
    'manual: without a person, skip the step or refuse the run; default refuse',
  ),
  pause: optional(durationField(), 'Does nothing for this long'),
  undo: identifier('recover: takes back the step with this id, there and then').optional(),
  timeout: optional(durationField(), 'The step is stopped after this long; default 5m'),
  runbookStep: fixedText('The step of the runbook that this one plays').optional(),
};

/** A step inside `parallel`: every form but another `parallel`. */
export const innerStepSchema = object('One of the steps played at the same time', stepFields);

/** Keys of which a step has exactly one. */
export const stepForms = ['uses', 'waitFor', 'manual', 'pause', 'parallel', 'undo'] as const;

export const stepSchema = object('One step: exactly one of uses, waitFor, manual, pause, parallel, undo', {
  ...stepFields,
  parallel: optional(z.array(innerStepSchema).min(2), 'Steps played at the same time'),
});
