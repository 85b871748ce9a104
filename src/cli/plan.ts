import {ExitCode} from '../io/errors.ts';
import {defineCommand} from './define.ts';
import {planText} from './show/plan.ts';
import {addDrillFlags, type DrillFlags} from './support/drill-flags.ts';
import {worstExitCode} from './support/exit.ts';
import {loadForDrill} from './support/inputs.ts';
import {printResult} from './support/output.ts';
import {planScenarios} from './support/planning.ts';

/** `kubedrill plan FILE...`. */
export const plan = defineCommand<DrillFlags>({
  describe: (command) => {
    command
      .description(
        'Shows what `run` would do, by name and UID: steps, targets, undo kinds, permissions, duration, and every\n' +
          'reason why it would refuse. Only reads. Exit 3 when `run` would refuse.',
      )
      .argument('<input...>', 'files, folders, `-` for stdin, or names of shipped scenarios');
    addDrillFlags(command);
  },
  examples: ['kubedrill plan kill-coredns --context staging', 'kubedrill plan my-drill.yaml --practice -o json'],
  run: async (invocation) => {
    const {io, paint} = invocation;
    const scenarios = await loadForDrill(invocation.args, io);
    const {plans, settings, practice} = await planScenarios(invocation, scenarios);
    const codes = plans.map(({guards}) => (guards.every(({ok}) => ok) ? ExitCode.passed : ExitCode.refused));
    await printResult(
      invocation,
      {kind: 'Plan', practice, settings, plans},
      plans.map((one) => planText(one, {settings, practice, paint: paint.stdout})).join('\n'),
    );
    return worstExitCode(codes);
  },
});
