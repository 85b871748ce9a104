import {runProber} from '../drill/prober/program.ts';
import {configFile} from '../drill/prober/protocol.ts';
import {defineCommand} from './define.ts';

/** `kubedrill prober`: the program in the prober pod. Hidden; `kubedrill run` starts it. */
export const prober = defineCommand({
  describe: (command) => {
    command.description('Samples inside a cluster, as its configuration says, one JSON line a sample.');
  },
  examples: [`kubedrill prober --config ${configFile}`],
  run: async ({io, flags}) => {
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) io.signals.on(signal, () => stop.abort());
    return await runProber({
      config: flags.config ?? configFile,
      print: (line) => void io.stdout.write(`${line}\n`),
      signal: stop.signal,
    });
  },
});
