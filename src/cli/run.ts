import {Option} from 'commander';
import {signalExitCode} from '../io/signals.ts';
import {defineCommand} from './define.ts';
import {runSummary, runText} from './show/summary.ts';
import {addDrillFlags, type RunFlags} from './support/drill-flags.ts';
import {worstExitCode} from './support/exit.ts';
import {loadForDrill} from './support/inputs.ts';
import {printResult} from './support/output.ts';
import {appendStepSummary} from './support/step-summary.ts';
import {tellPlans} from './support/tell-plans.ts';

/** `kubedrill run FILE...`. */
export const run = defineCommand<RunFlags>({
  describe: (command) => {
    command
      .description(
        'Plays drills: checks, breaks, measures, recovers, undoes, reports. Several are played one after the other.\n' +
          'stdout gets the verdict sentence and the path of the report, stderr what happens meanwhile. Ctrl-C once:\n' +
          'stop, undo, report; twice: leave at once.',
      )
      .argument('<input...>', 'files, folders, `-` for stdin, or names of shipped scenarios');
    addDrillFlags(command);
    command.addOption(
      new Option(
        '--dry-run <mode>',
        'print the plan, and what the API server says to each write with dryRun=All; nothing is changed',
      ).choices(['server']),
    );
  },
  examples: [
    'kubedrill run --practice kill-coredns',
    'kubedrill run drills/kill-coredns.yaml --context staging --operator ada',
    'kubedrill run drills/ --reports evidence/ -o json',
    'kubedrill run kill-coredns --var rto=30s --dry-run=server',
  ],
  run: async (invocation) => {
    const {io, flags} = invocation;
    const scenarios = await loadForDrill(invocation.args, io);
    if (flags.dryRun !== undefined) return await tellPlans(invocation, scenarios);
    const {openPlayer} = await import('./support/player.ts');
    // Node 22 has no `await using` yet.
    const player = await openPlayer(invocation, scenarios);
    try {
      const results = [];
      for (const scenario of scenarios) {
        if (player.endedBy()) break;
        const result = await player.play(scenario);
        results.push(result);
        await appendStepSummary(io, result.folder);
        if (flags.output !== 'text') continue;
        io.stdout.write(runText(result, player.practice, invocation.paint.stdout, io.cwd));
      }
      const skipped = scenarios.slice(results.length).map(({scenario}) => scenario.metadata.name);
      const signal = skipped.length > 0 ? player.endedBy() : undefined;
      const codes = results.map((result) => result.exitCode);
      const exitCode = worstExitCode(signal ? [...codes, signalExitCode(signal)] : codes);
      await printResult(
        invocation,
        {kind: 'RunResult', practice: player.practice, exitCode, runs: results, notPlayed: skipped},
        scenarios.length > 1 ? runSummary(results, skipped, invocation.paint.stdout) : '',
      );
      return exitCode;
    } finally {
      await player.close();
    }
  },
});
