import type {PlanRecord} from '../../src/journal/plan.ts';

/** A plan with nothing in it, and what a test wants in it. */
export const planRecord = (parts: Partial<PlanRecord> = {}): PlanRecord => ({
  type: 'disaster',
  vars: [],
  steps: [],
  probes: [],
  services: [],
  objectives: [],
  checks: [],
  steadyFor: 10_000,
  effectWithin: 30_000,
  verifyWithin: 120_000,
  stableFor: 15_000,
  runDeadline: 600_000,
  allowProtected: [],
  accept: [],
  stopWhen: [],
  permissions: 0,
  ...parts,
});
