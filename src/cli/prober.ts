import {UsageError} from '../io/errors.ts';
import {listenForSignals, signalExitCode} from '../io/signals.ts';
import {defineCommand} from './define.ts';

/** `kubedrill prober`. */
export const prober = defineCommand({
  describe: (command) => {
    command.description(
      'What the prober pod runs: samples inside the cluster as the file of --config says, one JSON line a sample.',
    );
  },
  examples: ['kubedrill prober --config /etc/kubedrill/prober.json'],
  run: async ({io, flags}) => {
    if (flags.config === undefined) {
      throw new UsageError('the prober needs --config FILE', {
        code: 'E_PROBER_CONFIG',
        hint: 'This command runs inside a pod that `kubedrill run` creates; there is no need to call it by hand.',
      });
    }
    const {runProber} = await import('../drill/prober/program.ts');
    const signals = listenForSignals(io.signals, (name) => io.exit(signalExitCode(name)));
    try {
      return await runProber({
        config: flags.config,
        print: (line) => void io.stdout.write(`${line}\n`),
        signal: signals.signal,
      });
    } finally {
      signals.release();
    }
  },
});
