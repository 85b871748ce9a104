import type {PlanResult} from '../../drill/types.ts';
import {silentLog} from '../../io/log.ts';
import {listenForSignals} from '../../io/signals.ts';
import type {ScenarioFile} from '../../scenario/index.ts';
import type {Invocation} from '../define.ts';
import {plainTerminal} from '../show/terminal.ts';
import type {RunFlags} from './drill-flags.ts';
import {createInteraction} from './interaction.ts';
import {drillRequest, readCall} from './request.ts';
import type {Settings} from './settings.ts';
import {openCluster} from './targets.ts';

/** A plan and whose it is. */
export interface ScenarioPlan extends PlanResult {
  scenario: string;
  file: string;
}

/** Plans every scenario against the cluster; changes nothing. */
export async function planScenarios(
  invocation: Invocation<RunFlags>,
  scenarios: readonly ScenarioFile[],
): Promise<{plans: ScenarioPlan[]; settings: Settings; practice: boolean}> {
  const {io, paint} = invocation;
  const call = await readCall(invocation, scenarios);
  const {planDrill} = await import('../../drill/index.ts');
  const signals = listenForSignals(io.signals, () => io.exit(130));
  const cluster = await openCluster(invocation, {seed: call.seed, proberImage: call.settings.proberImage.value});
  const interaction = createInteraction({io, terminal: plainTerminal(io.stderr), paint: paint.stderr, who: 'unknown'});
  const progress = {entry: () => {}, sample: () => {}};
  try {
    const plans: ScenarioPlan[] = [];
    for (const scenario of scenarios) {
      const {name} = scenario.scenario.metadata;
      const surroundings = {cluster, log: silentLog, interaction, progress, abort: signals.signal};
      const result = await planDrill(drillRequest(call, scenario, surroundings));
      plans.push({scenario: name, file: scenario.file, ...result});
    }
    return {plans, settings: call.settings, practice: cluster.practice};
  } finally {
    await cluster.close();
    signals.release();
  }
}
