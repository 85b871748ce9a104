import {runProber} from './drill/prober/program.ts';
import {configFile} from './drill/prober/protocol.ts';

// `kubedrill prober --config FILE` as a program of its own: what it imports is what the prober pod holds in memory.
// Same options, same lines as the command in src/cli/prober.ts.
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
const flag = process.argv.indexOf('--config');
process.exitCode = await runProber({
  config: process.argv[flag < 0 ? -1 : flag + 1] ?? configFile,
  print: (line) => void process.stdout.write(`${line}\n`),
  signal: stop.signal,
});
