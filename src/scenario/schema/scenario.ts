import * as z from 'zod';
import {durationField} from '../../io/fields.ts';
import {environmentName, fixedText, identifier, object, optional, structural, wholeNumber} from './fields.ts';
import {canarySchema, objectiveSchema, probeSchema, serviceSchema} from './measuring.ts';
import {metadataSchema} from './metadata.ts';
import {
  acceptSchema,
  type checkSchema,
  cleanSchema,
  effectSchema,
  recoveryPointSchema,
  stopWhenSchema,
  verifySchema,
} from './proving.ts';
import {type innerStepSchema, stepSchema} from './steps.ts';
import {varSchema} from './vars.ts';

export const apiVersion = 'kubedrill.dev/v1';
const scenarioTypes = ['disaster', 'redundancy', 'rehearsal', 'inspection'] as const;

const allowProtectedSchema = object('Protected objects that this drill may touch; literals only', {
  namespace: fixedText('The protected namespace; absent for cluster-scoped kinds').optional(),
  kind: fixedText('Kind of the objects'),
  selector: fixedText('Label selector of the objects, as kubectl has it').optional(),
  name: fixedText('Name of the object').optional(),
  reason: fixedText('Why this drill may touch them'),
});

const targetSchema = object('Where the drill may run and how much it may hit', {
  environments: z.array(environmentName()).min(1).describe('Classes of clusters on which the drill may run'),
  maxTargets: wholeNumber(1, 'Refused when more objects would be hit').optional(),
  maxCascade: wholeNumber(0, 'Refused when more objects would go with the targets').optional(),
  wholeCluster: optional(structural(z.boolean()), 'The drill touches all that lives on the cluster'),
  allowProtected: optional(z.array(allowProtectedSchema), 'Exceptions from the protected namespaces and kinds'),
});

const requiresSchema = object('What the cluster must be made of; else the run is refused', {
  platform: optional(
    z.array(structural(z.enum(['practice', 'kind', 'k3d', 'ssh']))).min(1),
    'What must lie under the Kubernetes API',
  ),
  controlPlane: optional(structural(z.enum(['kubeadm', 'k3s'])), 'How the control plane is run'),
  etcd: optional(
    structural(z.string().regex(/^(?:[<>]=?|=)?\d+\.\d+(?:\.\d+)?$/, {error: 'expected a version such as >=3.5.10'})),
    'Version of etcd',
  ),
});

export const specSchema = object('The drill', {
  type: structural(
    z.enum(scenarioTypes),
    'What a pass must prove. disaster: effect, check states and objectives. redundancy: effect, and no service went ' +
      'down. rehearsal: a copy was restored and the original left alone. inspection: every check, each with a control',
  ),
  requires: requiresSchema.optional(),
  vars: optional(z.record(identifier('Name of the var'), varSchema), 'Values that change between environments'),
  target: targetSchema,
  accept: optional(z.array(acceptSchema), 'Losses that no undo returns'),
  recoveryPoint: recoveryPointSchema.optional(),
  prepare: optional(z.array(stepSchema), 'Steps that make what the drill needs; always taken back'),
  probes: optional(z.array(probeSchema), 'What is sampled during the drill'),
  canaries: optional(z.array(canarySchema), 'Writes whose loss is counted'),
  services: optional(
    z.record(identifier('Name of the service'), serviceSchema),
    'What users would have seen: what breaks, and the bystanders that must not notice',
  ),
  objectives: optional(z.array(objectiveSchema), 'Targets, one metric each'),
  steady: z
    .strictObject({for: durationField().prefault('10s').describe('How long all must be well before the fault')})
    .prefault({})
    .describe('The steady state before the fault'),
  inject: optional(z.array(stepSchema), 'Steps that break the cluster'),
  effect: effectSchema.prefault({}),
  recover: optional(z.array(stepSchema), 'Steps that bring it back; absent when the platform heals itself'),
  verify: verifySchema,
  stopWhen: stopWhenSchema.optional(),
  clean: cleanSchema.prefault({}),
});

/** The whole format of scenario files: source of the types, the JSON Schema, `explain` and the reference pages. */
export const scenarioSchema = object('A drill as it stands in a file', {
  apiVersion: structural(z.literal(apiVersion), 'Version of the format'),
  kind: structural(z.literal('Scenario'), 'Always Scenario'),
  metadata: metadataSchema,
  spec: specSchema,
});

/** A value as written: where a number or a choice belongs there may be a `${{ }}`. */
type Written<T> = T extends string
  ? T
  : T extends number | boolean
    ? T | string
    : T extends object
      ? {[Key in keyof T]: Written<T[Key]>}
      : T;

/** A scenario as written, `${{ }}` not replaced: durations are Go strings. */
export type Scenario = Written<z.input<typeof scenarioSchema>>;
/** A scenario's `spec` with all values in place: durations are milliseconds. */
export type Spec = z.output<typeof specSchema>;
export type Metadata = z.output<typeof metadataSchema>;
export type Step = z.output<typeof stepSchema>;
export type InnerStep = z.output<typeof innerStepSchema>;
export type Probe = z.output<typeof probeSchema>;
export type Check = z.output<typeof checkSchema>;
export type Service = z.output<typeof serviceSchema>;
export type Objective = z.output<typeof objectiveSchema>;
