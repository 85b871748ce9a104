import {ExitCode} from '../io/errors.ts';
import {defineCommand} from './define.ts';
import {doctorText} from './show/doctor.ts';
import {addDrillFlags, type DrillFlags} from './support/drill-flags.ts';
import {examine} from './support/examine.ts';
import {loadForDrill} from './support/inputs.ts';
import {printResult} from './support/output.ts';

/** `kubedrill doctor [FILE...]`. */
export const doctor = defineCommand<DrillFlags>({
  describe: (command) => {
    command
      .description(
        'Checks whether drills can run from here: Node, config, kubeconfig, cluster, permissions, report folder,\n' +
          'docker, prober image; with a scenario also everything that `run` would refuse for. Changes nothing,\n' +
          'but for a file in the report folder that it takes away again. Exit 1 when there are findings.',
      )
      .argument('[input...]', 'files, folders, `-` for stdin, or names of shipped scenarios');
    addDrillFlags(command);
  },
  examples: ['kubedrill doctor', 'kubedrill doctor --context staging kill-coredns', 'kubedrill doctor -o json'],
  run: async (invocation) => {
    const {io, args, paint} = invocation;
    const scenarios = args.length === 0 ? [] : await loadForDrill(args, io);
    const findings = await examine(invocation, scenarios);
    const healthy = findings.every(({state}) => state !== 'finding');
    await printResult(invocation, {kind: 'Diagnosis', healthy, findings}, doctorText(findings, paint.stdout));
    return healthy ? ExitCode.passed : ExitCode.failed;
  },
});
