export {compileExpect, type ExpectResult} from './cel.ts';
export {type Diagnostic, renderDiagnostics, ScenarioError} from './diagnostics.ts';
export {explainField} from './explain.ts';
export type {ScenarioFile} from './file.ts';
export {loadScenarios} from './load.ts';
export {parseInput, type ResolvedScenario, resolveScenario} from './resolve.ts';
export {stepDeadline} from './rules/figures.ts';
export type {
  Check,
  InnerStep,
  Metadata,
  Objective,
  Probe,
  Scenario,
  Service,
  Spec,
  Step,
} from './schema/scenario.ts';
export {type LateScope, resolveLate} from './substitute.ts';
export {unsupported} from './unsupported.ts';
export {type ResolvedVars, resolveVars, type VarsGiven} from './vars.ts';
