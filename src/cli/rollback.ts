import {systemClock} from '../io/clock.ts';
import {ExitCode, UsageError} from '../io/errors.ts';
import {createExec} from '../io/exec.ts';
import {silentLog} from '../io/log.ts';
import {targetText} from '../io/target.ts';
import {oneLine} from '../io/text.ts';
import type {JournalEntry} from '../journal/types.ts';
import {defineCommand, type Invocation} from './define.ts';
import {lineOf} from './show/lines.ts';
import {orphansText} from './show/orphans.ts';
import {defined} from './support/defined.ts';
import {printResult} from './support/output.ts';
import {toolVersion} from './support/package.ts';
import {findRun} from './support/runs.ts';
import {locksFolder} from './support/settings.ts';
import {connectAs} from './support/targets.ts';

interface RollbackFlags {
  reports?: string;
  operator?: string;
  dryRun?: boolean;
  moved?: boolean;
  orphans?: boolean;
}

/** `kubedrill rollback RUN`. */
export const rollback = defineCommand<RollbackFlags>({
  describe: (command) => {
    command
      .description(
        'Takes back what a run left, from its folder alone: after a crash, a second Ctrl-C, or an undo that failed.\n' +
          'Works from another machine that has the folder. Does nothing when nothing is left. Exit 4 when something is\n' +
          'still left afterwards. --orphans instead removes what ended runs without a folder have left in a cluster:\n' +
          'in all of it, or, where you may not list all of it, in the namespaces that you may list, else in kubedrill,\n' +
          'that of the context and that of -n. Exit 4 as well when there are kinds that you may not list anywhere.',
      )
      .argument('[run]', 'a run folder, or the id of a run')
      .option('--reports <folder>', 'folder that holds the run folders')
      .option('--operator <name>', 'who takes it back, for the report')
      .option('--dry-run', 'only say what would be taken back')
      .option('--moved', 'the cluster has another address than during the run, and is no copy of it')
      .option('--orphans', 'remove what carries the label kubedrill.dev/run of a run that is over');
  },
  examples: [
    'kubedrill rollback 2026-11-20T214007Z-kill-coredns-7f3a',
    'kubedrill rollback reports/2026-11-20T214007Z-kill-coredns-7f3a --dry-run --context staging',
    'kubedrill rollback --orphans --dry-run',
  ],
  run: async (invocation) => {
    const {args, flags} = invocation;
    if (flags.orphans === true) return await removeOrphans(invocation);
    if (args[0] === undefined) {
      throw new UsageError('rollback needs a run, or --orphans', {code: 'E_FLAGS', hint: 'See kubedrill status.'});
    }
    return await rollBack(invocation, args[0]);
  },
});

async function rollBack(invocation: Invocation<RollbackFlags>, named: string): Promise<number> {
  const {io, flags, paint} = invocation;
  const folder = await findRun(named, {
    cwd: io.cwd,
    env: io.env,
    ...defined({reports: flags.reports, config: flags.config}),
  });
  const [{rollbackRun}, {statusOf}] = await Promise.all([
    import('../drill/undo/rollback.ts'),
    import('../drill/record/status.ts'),
  ]);
  const {outstanding} = await statusOf(folder);
  const mutated = new Map(outstanding.map((mutation) => [mutation.id, targetText(mutation.target)]));
  const show = (entry: JournalEntry) => {
    if (entry.type === 'mutation.intent') mutated.set(entry.mutation, targetText(entry.target));
    const line = lineOf(entry, {steps: new Map(), begun: new Map(), mutated}, paint.stderr);
    if (line !== undefined && !flags.quiet) io.stderr.write(`${line}\n`);
  };
  const {id, found, left, differences, cleanup, exitCode} = await rollbackRun({
    folder,
    connect: () => connectAs(invocation),
    ...defined({operator: flags.operator, locks: locksFolder(io.env)}),
    version: toolVersion,
    env: io.env,
    clock: systemClock,
    log: silentLog,
    exec: createExec(),
    onEntry: show,
    dryRun: flags.dryRun === true,
    moved: flags.moved === true,
    config: async () => {
      const {loadConfig} = await import('../drill/config/config.ts');
      return await loadConfig({cwd: io.cwd, env: io.env, ...defined({path: flags.config})});
    },
  });
  const names = (flags.dryRun === true ? found : left).map(
    ({target, undo}) => `  ${oneLine(targetText(target))}: ${undo.kind}\n`,
  );
  const differing = differences.map(
    ({target, change, paths}) => `  ${oneLine(targetText(target))}: ${oneLine([change, ...paths].join(' '))}\n`,
  );
  const text =
    found.length === 0 && cleanup === 'clean'
      ? `${id}: nothing is left to take back\n`
      : flags.dryRun === true
        ? `${id}: would be taken back, newest first:\n${names.join('')}`
        : cleanup === 'clean'
          ? `${id}: clean; ${found.length} changes were taken back\n`
          : `${id}: dirty; still to be taken back, or not as before:\n${names.join('')}${differing.join('')}`;
  await printResult(
    invocation,
    {kind: 'RollbackResult', id, cleanup, found, left, differences, dryRun: flags.dryRun === true},
    text,
  );
  return flags.dryRun === true ? ExitCode.passed : exitCode;
}

async function removeOrphans(invocation: Invocation<RollbackFlags>): Promise<number> {
  const {flags} = invocation;
  const dryRun = flags.dryRun === true;
  const {rollbackOrphans} = await import('../drill/undo/orphans.ts');
  const connection = await connectAs(invocation);
  try {
    const namespace = defined({namespace: flags.namespace});
    const orphans = await rollbackOrphans(connection, {dryRun, clock: systemClock, ...namespace});
    await printResult(invocation, {kind: 'Orphans', ...orphans, dryRun}, orphansText(orphans, dryRun));
    // What nobody could look at is not known to be clean, in a dry run neither.
    if (orphans.unseen.length + orphans.silent.length > 0) return ExitCode.dirty;
    return orphans.left.length > 0 && !dryRun ? ExitCode.dirty : ExitCode.passed;
  } finally {
    connection.close();
  }
}
