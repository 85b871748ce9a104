import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {Option} from 'commander';
import {ExitCode} from '../io/errors.ts';
import {listenForSignals} from '../io/signals.ts';
import {defineCommand} from './define.ts';
import {practiceNotice} from './show/summary.ts';
import {defined} from './support/defined.ts';
import {parsePort, parseSeed} from './support/flags.ts';
import {printResult} from './support/output.ts';

interface PracticeFlags {
  port?: number;
  seed?: number;
  writeKubeconfig?: string;
}

/** `kubedrill practice`. */
export const practice = defineCommand<PracticeFlags>({
  describe: (command) => {
    command
      .description(
        'Starts the built-in simulated cluster in the foreground and prints a kubeconfig for it, so that kubectl and\n' +
          'other tools can use it. It listens on 127.0.0.1 alone and ends with Ctrl-C; nothing of it stays.',
      )
      .addOption(new Option('--port <number>', 'port of its API; 0: any free one').argParser(parsePort).default(0))
      .addOption(
        new Option(
          '--seed <number>',
          'seed from which its latencies are drawn; requests that race still end as they come',
        ).argParser(parseSeed),
      )
      .option('--write-kubeconfig <file>', 'write the kubeconfig there (0600) instead of stdout');
  },
  examples: [
    'kubedrill practice --write-kubeconfig practice.kubeconfig &',
    'KUBECONFIG=practice.kubeconfig kubectl get pods -A',
    'kubedrill practice --port 6443 >practice.kubeconfig',
  ],
  run: async (invocation) => {
    const {io, flags} = invocation;
    const signals = listenForSignals(io.signals, () => io.exit(ExitCode.interrupted));
    const {startPracticeCluster} = await import('./support/practice.ts');
    const cluster = await startPracticeCluster(defined({port: flags.port, seed: flags.seed}));
    try {
      if (!flags.quiet)
        io.stderr.write(`practice cluster on ${cluster.url}: simulated, not a Kubernetes cluster; Ctrl-C ends it\n`);
      const target = flags.writeKubeconfig;
      if (target !== undefined) await writeFile(resolve(io.cwd, target), cluster.kubeconfig, {mode: 0o600});
      const text = target === undefined ? cluster.kubeconfig : `export KUBECONFIG=${resolve(io.cwd, target)}`;
      await printResult(
        invocation,
        {kind: 'PracticeCluster', notice: practiceNotice, url: cluster.url, kubeconfig: cluster.kubeconfig},
        text,
      );
      if (!signals.signal.aborted) await once(signals.signal, 'abort');
      return ExitCode.passed;
    } finally {
      await cluster.stop();
      signals.release();
    }
  },
});
