import {Option} from 'commander';
import {residentNamespace} from '../canary/resident/read.ts';
import {describeRef} from '../cluster/names.ts';
import type {Connection, KubeObject, ObjectRef} from '../cluster/types.ts';
import {systemClock} from '../io/clock.ts';
import {ExitCode, UsageError} from '../io/errors.ts';
import {listenForSignals, signalExitCode} from '../io/signals.ts';
import {oneLine} from '../io/text.ts';
import {defineCommand, type Invocation, type OutputFormat} from './define.ts';
import {defined} from './support/defined.ts';
import {printResult} from './support/output.ts';
import {toolVersion} from './support/package.ts';
import {verbosityOf} from './support/verbosity.ts';

interface CanaryFlags {
  image?: string;
  pullSecret?: string[];
}

const verbs = ['install', 'uninstall', 'manifest', 'beat'] as const;

/** `kubedrill canary install|uninstall|manifest`; its pod runs `beat`. */
export const canary = defineCommand<CanaryFlags>({
  describe: (command) => {
    command
      .description(
        'Puts a resident canary into the cluster, or takes it out again: a small Deployment that writes\n' +
          'a numbered ConfigMap a minute. A drill that restores a backup of hours can then measure what it\n' +
          'loses, with `uses: kubernetes` and `resident: true`. After two days one an hour is kept, for 35\n' +
          'days. manifest prints what install would apply, as YAML or (-o json) as a List. -n: another\n' +
          `namespace than ${residentNamespace}.`,
      )
      .argument('<what>', 'install, uninstall or manifest')
      .addOption(new Option('--image <image>', 'image of the Deployment').default(`kubedrill/kubedrill:${toolVersion}`))
      .option('--pull-secret <name...>', 'imagePullSecrets of the Deployment');
  },
  examples: [
    'kubedrill canary install --context staging',
    'kubedrill canary manifest -n backup-canary >canary.yaml',
    'kubedrill canary uninstall --context staging',
  ],
  run: async (invocation) => {
    const {io, args, flags} = invocation;
    const what = verbs.find((verb) => verb === args[0]);
    const namespace = flags.namespace ?? residentNamespace;
    const options = {namespace, image: flags.image ?? '', ...defined({pullSecrets: flags.pullSecret})};
    switch (what) {
      case 'manifest': {
        const {residentManifests} = await import('../canary/resident/manifests.ts');
        io.stdout.write(await manifestText(residentManifests(options), flags.output));
        return ExitCode.passed;
      }
      case 'install': {
        const {installResident} = await import('../canary/resident/install.ts');
        return await change(invocation, 'applied', (access) => installResident(access, options));
      }
      case 'uninstall': {
        const {uninstallResident} = await import('../canary/resident/install.ts');
        return await change(invocation, 'deleted', (access) => uninstallResident(access, namespace));
      }
      case 'beat':
        return await beatUntilStopped(invocation, namespace);
      default:
        throw new UsageError(`canary does not know "${args[0] ?? ''}"`, {
          code: 'E_FLAGS',
          hint: 'It takes install, uninstall or manifest.',
        });
    }
  },
});

/** Objects in a form that kubectl can apply: documents of YAML, or one List of JSON. */
async function manifestText(objects: readonly KubeObject[], format: OutputFormat): Promise<string> {
  if (format === 'json') {
    return `${JSON.stringify({apiVersion: 'v1', kind: 'List', items: objects}, undefined, 2)}\n`;
  }
  const {stringify} = await import('yaml');
  return objects.map((object) => `---\n${stringify(object)}`).join('');
}

type Access = Pick<Connection, 'reader' | 'writer'> & {signal: AbortSignal};

async function change(
  invocation: Invocation<CanaryFlags>,
  done: 'applied' | 'deleted',
  make: (access: Access) => Promise<ObjectRef[]>,
): Promise<number> {
  const objects = await withCluster(invocation, make);
  const beats = objects.filter(({kind}) => kind === 'ConfigMap');
  const lines = objects
    .filter(({kind}) => kind !== 'ConfigMap')
    .map((ref) => `${done}: ${oneLine(describeRef(ref))}\n`);
  if (beats.length > 0) lines.push(`${done}: ${beats.length} ConfigMaps that it wrote\n`);
  const text = lines.length === 0 ? 'there is no resident canary\n' : lines.join('');
  await printResult(invocation, {kind: 'ResidentCanary', [done]: objects}, text);
  return ExitCode.passed;
}

/** What the pod runs: ends with the signal that Kubernetes sends, which is no failure. */
async function beatUntilStopped(invocation: Invocation<CanaryFlags>, namespace: string): Promise<number> {
  const [{beat}, {createPinoLog}] = await Promise.all([
    import('../canary/resident/beat.ts'),
    import('../io/log-pino.ts'),
  ]);
  const {io, flags} = invocation;
  const {log} = await createPinoLog({
    verbosity: verbosityOf(flags),
    color: false,
    write: (text) => void io.stderr.write(text),
  });
  await withCluster(invocation, async ({reader, writer, signal}) => {
    await beat({cluster: reader, writer, clock: systemClock, log, namespace, signal});
  });
  return ExitCode.passed;
}

async function withCluster<T>({io, flags}: Invocation<CanaryFlags>, work: (access: Access) => Promise<T>): Promise<T> {
  const {connect} = await import('../cluster/connect.ts');
  const signals = listenForSignals(io.signals, (name) => io.exit(signalExitCode(name)));
  const connection = await connect({
    env: io.env,
    ...defined({kubeconfig: flags.kubeconfig, context: flags.context}),
  });
  try {
    return await work({reader: connection.reader, writer: connection.writer, signal: signals.signal});
  } finally {
    connection.close();
    signals.release();
  }
}
