import * as z from 'zod';
import {durationField} from '../../io/fields.ts';
import {expression, fixedText, identifier, inputObject, kind, object, optional, structural} from './fields.ts';

export const probeSchema = object('Something that is sampled at a fixed rate', {
  name: identifier('Name of the probe'),
  uses: kind('Kind of probe; see `kubedrill explain probes`'),
  with: inputObject('Input of the probe').optional(),
  from: structural(
    z.enum(['runner', 'cluster', 'node']),
    'Where it samples from: where kubedrill runs, a pod in the cluster, or a node below the kubelet',
  ),
  on: optional(
    structural(
      z.union([
        z.enum(['oneNode', 'eachNode']),
        z.strictObject({selector: fixedText('Label selector of the nodes, as kubectl has it')}),
      ]),
    ),
    'from cluster or node: on one node (default), on each node, or on nodes with labels',
  ),
  every: durationField().describe('Time from one sample to the next; at least 20ms'),
  timeout: optional(durationField(), 'A sample without answer is over after this long; at most and by default `every`'),
  expect: expression('CEL over what the probe observes; true is ok').optional(),
});

export const canarySchema = object('Numbered writes whose loss is counted', {
  name: identifier('Name of the canary'),
  uses: structural(z.enum(['kubernetes', 'http', 'command']), 'Where the numbered writes go'),
  every: durationField().describe('Time from one write to the next'),
  with: inputObject('Input of the canary').optional(),
});

export const serviceSchema = object("The user's view of something", {
  up: z
    .array(identifier('Name of a probe'))
    .min(1)
    .describe('The service is up when all of these probes are ok; any bad is bad, else any blind is blind'),
  outage: optional(
    structural(z.enum(['required', 'possible', 'none'])),
    'Whether it must, may or must not go down; default by type: disaster required, else none',
  ),
  by: structural(z.enum(['inject', 'recover']))
    .default('inject')
    .describe('What takes it down: the fault or the cure'),
  okRatio: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe(
      'Share of good samples over `verify.stableFor` at which it counts as up; for many endpoints behind one name',
    ),
});

const share = z
  .union([
    z.number().gt(0).max(1),
    z.string().regex(/^(?:100|\d{1,2})(?:\.\d+)?%$/, {error: 'expected a share such as 99.9% or 0.999'}),
  ])
  .transform((value) => (typeof value === 'number' ? value : Number(value.slice(0, -1)) / 100));

/** Keys of which an objective has exactly one. */
export const metrics = ['rto', 'rpo', 'detection', 'restoreTime', 'availability', 'backupAge'] as const;

export const objectiveSchema = object(
  'One target; exactly one of rto, rpo, detection, restoreTime, availability, backupAge',
  {
    rto: optional(durationField(), 'Recovery time: at most this long without the service'),
    rpo: optional(durationField(), 'Data loss: at most the writes of this long'),
    detection: optional(
      durationField(),
      'At most this long until the disaster is noticed: by an alert (probes prometheus, alertmanager) or a step that marks it',
    ),
    restoreTime: optional(durationField(), 'At most this long to restore (a copy, in a rehearsal)'),
    availability: optional(
      share,
      'At least this share of the time from the fault to the undo with the service up, 99.9% or 0.999',
    ),
    backupAge: optional(durationField(), 'The recovery point is at most this old'),
    of: optional(
      structural(z.string().min(1)),
      'The service or canary it is about; for detection a probe too; `recoveryPoint` for backupAge',
    ),
    from: optional(
      structural(z.enum(['fault', 'impact', 'declared', 'recovery'])),
      'rto, detection: the instant from which the time counts; no default, as the choice decides what a figure means',
    ),
    source: fixedText('Where the target was set'),
  },
);
