import * as z from 'zod';
import {durationField} from '../../io/fields.ts';
import {expression, fixedText, identifier, inputObject, kind, structural} from './fields.ts';

export const probeSchema = z
  .strictObject({
    name: identifier('Name of the probe'),
    uses: kind('Kind of probe; see `kubedrill explain probes`'),
    with: inputObject('Input of the probe').optional(),
    from: structural(z.enum(['runner', 'cluster', 'node'])).describe(
      'Where it samples from: where kubedrill runs, a pod in the cluster, or a node below the kubelet',
    ),
    on: structural(
      z.union([
        z.enum(['oneNode', 'eachNode']),
        z.strictObject({selector: fixedText('Label selector of the nodes, as kubectl has it')}),
      ]),
    )
      .optional()
      .describe('from cluster or node: on one node (default), on each node, or on nodes with labels'),
    every: durationField().describe('Time from one sample to the next; at least 20ms'),
    timeout: durationField()
      .optional()
      .describe('A sample without answer is over after this long; at most and by default `every`'),
    expect: expression('CEL over what the probe observes; true is ok').optional(),
  })
  .describe('Something that is sampled at a fixed rate');

export const canarySchema = z
  .strictObject({
    name: identifier('Name of the canary'),
    uses: structural(z.enum(['kubernetes', 'http', 'command'])).describe('Where the numbered writes go'),
    every: durationField().describe('Time from one write to the next'),
    with: inputObject('Input of the canary').optional(),
  })
  .describe('Numbered writes whose loss is counted');

export const serviceSchema = z
  .strictObject({
    up: z
      .array(identifier('Name of a probe'))
      .min(1)
      .describe('The service is up when all of these probes are ok; any bad is bad, else any blind is blind'),
    outage: structural(z.enum(['required', 'possible', 'none']))
      .optional()
      .describe('Whether it must, may or must not go down; default by type: disaster required, else none'),
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
  })
  .describe("The user's view of something");

const share = z
  .union([
    z.number().gt(0).max(1),
    z.string().regex(/^(?:100|\d{1,2})(?:\.\d+)?%$/, {error: 'expected a share such as 99.9% or 0.999'}),
  ])
  .transform((value) => (typeof value === 'number' ? value : Number(value.slice(0, -1)) / 100));

/** Keys of which an objective has exactly one. */
export const metrics = ['rto', 'rpo', 'detection', 'restoreTime', 'availability', 'backupAge'] as const;

export const objectiveSchema = z
  .strictObject({
    rto: durationField().optional().describe('Recovery time: at most this long without the service'),
    rpo: durationField().optional().describe('Data loss: at most the writes of this long'),
    detection: durationField()
      .optional()
      .describe(
        'At most this long until the disaster is noticed: by an alert (probes prometheus, alertmanager) or a step that marks it',
      ),
    restoreTime: durationField().optional().describe('At most this long to restore (a copy, in a rehearsal)'),
    availability: share
      .optional()
      .describe('At least this share of the time from the fault to the undo with the service up, 99.9% or 0.999'),
    backupAge: durationField().optional().describe('The recovery point is at most this old'),
    of: structural(z.string().min(1))
      .optional()
      .describe('The service or canary it is about; for detection a probe too; `recoveryPoint` for backupAge'),
    from: structural(z.enum(['fault', 'impact', 'declared', 'recovery']))
      .optional()
      .describe(
        'rto, detection: the instant from which the time counts; no default, as the choice decides what a figure means',
      ),
    source: fixedText('Where the target was set'),
  })
  .describe('One target; exactly one of rto, rpo, detection, restoreTime, availability, backupAge');
