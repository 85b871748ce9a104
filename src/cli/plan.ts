import {defineCommand} from './define.ts';
import {addDrillFlags, type DrillFlags} from './support/drill-flags.ts';
import {loadForDrill} from './support/inputs.ts';
import {tellPlans} from './support/tell-plans.ts';

/** `kubedrill plan FILE...`. */
export const plan = defineCommand<DrillFlags>({
  describe: (command) => {
    command
      .description(
        'Shows what `run` would do, by name and UID: steps, targets, undo kinds, permissions, duration, and every\n' +
          'reason why it would refuse. Changes nothing: it reads, and sends with dryRun=All what would have to be made.\n' +
          'Exit 3 when `run` would refuse.',
      )
      .argument('<input...>', 'files, folders, `-` for stdin, or names of shipped scenarios');
    addDrillFlags(command);
  },
  examples: ['kubedrill plan kill-coredns --context staging', 'kubedrill plan my-drill.yaml --practice -o json'],
  run: async (invocation) => await tellPlans(invocation, await loadForDrill(invocation.args, invocation.io)),
});
