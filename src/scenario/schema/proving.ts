import * as z from 'zod';
import {durationField} from '../../io/fields.ts';
import {expression, fixedText, identifier, inputObject, kind, object, optional, structural} from './fields.ts';

const wanted = (fallback: 'pass' | 'fail', description: string) =>
  structural(z.enum(['pass', 'fail', 'skip']))
    .default(fallback)
    .describe(description);

export const checkSchema = object('A question with the answer expected before the fault, while broken, and after', {
  name: fixedText('What is asked, for people'),
  uses: kind('Kind of probe or check; see `kubedrill explain probes`'),
  with: inputObject('Input of the check').optional(),
  expect: expression('CEL over what the check observes; true is pass').optional(),
  states: z
    .strictObject({
      before: wanted('pass', 'Asked in steady, before the fault'),
      broken: wanted('fail', 'Asked between effect and the end of recovery; once as declared is enough'),
      after: wanted('pass', 'Asked in verify'),
    })
    .prefault({})
    .describe('The answers that are expected; skip is not asked'),
  control: optional(
    structural(z.string().min(1)),
    'The same check against something known bad, which must fail; by name, see the kind of check',
  ),
});

export const verifySchema = object('How one knows that it is back', {
  within: durationField().describe('Counted from the end of the last recover step: the checks must pass by then'),
  stableFor: durationField().prefault('15s').describe('Services must stay up, and checks pass, for this long'),
  checks: z.array(checkSchema).default([]).describe('Questions asked before, while broken and after'),
});

const proveSchema = object(
  'A question that must answer no right before the fault and yes after it: the proof of a fault without an effect of its own',
  {
    uses: kind('Kind of probe or check that looks; see `kubedrill explain probes`'),
    with: inputObject('Input of the question').optional(),
    expect: expression(
      'CEL over what the question observes, and over before: what it observed before the fault',
    ).optional(),
  },
);

export const effectSchema = object('The proof that the fault took place', {
  within: durationField().prefault('30s').describe('The fault must be seen to bite within this time'),
  prove: proveSchema.optional(),
});

export const stopWhenSchema = z
  .union([
    z
      .array(
        object('A condition that ends the drill: one service or probe', {
          service: identifier('Name of a service').optional(),
          probe: identifier('Name of a probe').optional(),
          downFor: durationField().describe('Down without a break for this long'),
        }),
      )
      .min(1),
    z.strictObject({none: fixedText('Why nothing can go worse than planned')}),
  ])
  .describe('When the drill is ended and undone early, or `none` with the reason');

const losses = [
  ...(['addresses', 'volumeData', 'clusterState', 'objects', 'events', 'status'] as const),
  ...(['credentials', 'resources'] as const),
] as const;

export const acceptSchema = object('A loss that the drill is allowed to cause', {
  loss: structural(z.enum(losses), 'What no undo returns'),
  of: optional(z.array(fixedText('A kind')).min(1), 'Kinds of objects that lose it'),
  since: optional(structural(z.enum(['recoveryPoint'])), 'What came after this is lost'),
  reason: fixedText('Why that is acceptable'),
});

export const cleanSchema = z
  .strictObject({
    compare: z
      .enum(['on', 'off'])
      .default('on')
      .describe('Whether everything in reach is compared with what it was before the drill'),
    reason: fixedText('Why it need not be compared').optional(),
  })
  .refine(({compare, reason}) => compare === 'on' || reason !== undefined, {
    message: 'compare: off needs a reason',
    path: ['reason'],
  })
  .describe('How it is known that nothing was left behind');

export const recoveryPointSchema = object('Where the recovery comes from', {
  uses: structural(z.enum(['manifests', 'export', 'etcd', 'k3s', 'velero', 'gitops']), 'What kind it is'),
  with: inputObject('Where it is and which one: choose newest, random with within, or named with name').optional(),
  maxAge: optional(durationField(), 'An older one refuses the run'),
});
