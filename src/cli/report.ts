import {resolve} from 'node:path';
import {Option} from 'commander';
import {ExitCode, UsageError} from '../io/errors.ts';
import {signReport, verifyRun, writeReport} from '../report/index.ts';
import {defineCommand, type Invocation} from './define.ts';
import {nearest} from './show/summary.ts';
import {verificationText} from './show/verification.ts';
import {defined} from './support/defined.ts';
import {printResult} from './support/output.ts';
import {toolVersion} from './support/package.ts';
import {findRun} from './support/runs.ts';

interface ReportFlags {
  reports?: string;
  key?: string;
  publicKey?: string;
}

/** `kubedrill report [verify|sign] RUN`. */
export const report = defineCommand<ReportFlags>({
  describe: (command) => {
    command
      .description(
        'Renders the report of a run again from its folder alone, without a cluster. The same version\n' +
          'of kubedrill gives the same bytes.\n\n' +
          'verify: compares the folder with the hashes in report.json, the reports with what the journal\n' +
          'gives, and the earlier runs that it names; exit 1 and the first file that differs.\n' +
          'sign: signs report.json with an Ed25519 key; the signature lies beside it.',
      )
      .usage('[verify|sign] <run> [flags]')
      .argument('<run...>', 'a run folder, or the id of a run in the report folder')
      .addOption(new Option('--reports <folder>', 'folder that holds the run folders'))
      .addOption(new Option('--key <file>', 'sign: private key in PEM'))
      .addOption(new Option('--public-key <file>', 'verify: public key in PEM; without it no signature is looked at'));
  },
  examples: [
    'kubedrill report reports/2026-11-20T214007Z-kill-coredns-7f3a',
    'kubedrill report verify 2026-11-20T214007Z-kill-coredns-7f3a --public-key drills.pub',
    'kubedrill report sign 2026-11-20T214007Z-kill-coredns-7f3a --key drills.key',
  ],
  run: async (invocation) => {
    const {io, flags, args} = invocation;
    const [first = '', second, ...rest] = args;
    const [task, named] = second === undefined ? ['render', first] : [first, second];
    const play = Object.hasOwn(tasks, task) ? tasks[task as keyof typeof tasks] : undefined;
    if (!play || rest.length > 0) throw new UsageError(`kubedrill report takes one run: ${args.join(' ')}`, usage);
    const folder = await findRun(named ?? '', {
      cwd: io.cwd,
      env: io.env,
      ...defined({reports: flags.reports, config: flags.config}),
    });
    return await play(invocation, folder);
  },
});

const usage = {
  code: 'E_USAGE',
  hint: 'kubedrill report RUN, kubedrill report verify RUN, or kubedrill report sign RUN.',
};

type Task = (invocation: Invocation<ReportFlags>, folder: string) => Promise<number>;

const render: Task = async (invocation, folder) => {
  const {sentence, files} = await writeReport(folder);
  const paths = files.map((file) => nearest(file, invocation.io.cwd));
  await printResult(
    invocation,
    {kind: 'ReportResult', folder, sentence, files: paths},
    `${sentence}\n${paths.map((path) => `report: ${path}\n`).join('')}`,
  );
  return ExitCode.passed;
};

const verify: Task = async (invocation, folder) => {
  const {publicKey} = invocation.flags;
  const file = publicKey === undefined ? {} : {publicKey: resolve(invocation.io.cwd, publicKey)};
  const found = await verifyRun(folder, {version: toolVersion, ...file});
  await printResult(
    invocation,
    {kind: 'Verification', folder, ok: found.differences.length === 0, ...found},
    verificationText(found, invocation.paint.stdout),
  );
  return found.differences.length === 0 ? ExitCode.passed : ExitCode.failed;
};

const sign: Task = async (invocation, folder) => {
  const {key} = invocation.flags;
  if (key === undefined) {
    throw new UsageError('kubedrill report sign needs --key', {code: 'E_USAGE', hint: 'Name the private key in PEM.'});
  }
  const path = nearest(await signReport(folder, resolve(invocation.io.cwd, key)), invocation.io.cwd);
  await printResult(invocation, {kind: 'Signature', folder, file: path}, `signature: ${path}\n`);
  return ExitCode.passed;
};

const tasks = {render, verify, sign};
