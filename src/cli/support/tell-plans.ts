import type {PlanResult} from '../../drill/types.ts';
import {ExitCode} from '../../io/errors.ts';
import type {ScenarioFile} from '../../scenario/index.ts';
import type {Invocation} from '../define.ts';
import {planText} from '../show/plan.ts';
import type {RunFlags} from './drill-flags.ts';
import {worstExitCode} from './exit.ts';
import {printResult} from './output.ts';
import {planScenarios} from './planning.ts';

/**
 * Plans every scenario, with `--dry-run=server` by trying its writes out as well, and prints what came of it. Resolves
 * with the exit code: 3 when one of them would be refused.
 */
export async function tellPlans(invocation: Invocation<RunFlags>, scenarios: readonly ScenarioFile[]): Promise<number> {
  const {flags, paint} = invocation;
  const {plans, settings, practice} = await planScenarios(invocation, scenarios);
  await printResult(
    invocation,
    {kind: 'Plan', practice, ...(flags.dryRun === undefined ? {} : {dryRun: flags.dryRun}), settings, plans},
    plans.map((one) => planText(one, {settings, practice, dryRun: flags.dryRun, paint: paint.stdout})).join('\n'),
  );
  return worstExitCode(plans.map((one) => (wouldGoAhead(one) ? ExitCode.passed : ExitCode.refused)));
}

const wouldGoAhead = ({guards, dryRun = []}: PlanResult): boolean =>
  guards.every(({ok}) => ok) && dryRun.every(({refused}) => refused === undefined);
