import {ExitCode, RefusedError} from '../io/errors.ts';
import {defineCommand, type Invocation} from './define.ts';
import {defined} from './support/defined.ts';
import {printResult} from './support/output.ts';
import {findRun, rollbackCommand} from './support/runs.ts';
import {standingOf} from './support/standing.ts';

interface AbortFlags {
  reports?: string;
  operator?: string;
}

/** `kubedrill abort RUN`. */
export const abort = defineCommand<AbortFlags>({
  describe: (command) => {
    command
      .description(
        'Ends a run from another terminal: it stops going forward, undoes and reports, as after Ctrl-C. A run that is\n' +
          'not on this machine is asked through the lock that it holds on its cluster. Exit 3 when it is not running.',
      )
      .argument('<run>', 'a run folder, or the id of a run')
      .option('--reports <folder>', 'folder that holds the run folders')
      .option('--operator <name>', 'who ends it, for the report');
  },
  examples: [
    'kubedrill abort 2026-11-20T214007Z-kill-coredns-7f3a',
    'kubedrill abort 2026-11-20T214007Z-kill-coredns-7f3a --context staging',
  ],
  run: async (invocation) => {
    const {io, flags} = invocation;
    const named = invocation.args[0] ?? '';
    const by = flags.operator ?? io.env.USER ?? 'unknown';
    const place = {cwd: io.cwd, env: io.env, ...defined({reports: flags.reports, config: flags.config})};
    const folder = await findRun(named, place).catch(() => undefined);
    const told =
      folder === undefined ? await byLease(invocation, named, by) : await byFolder(invocation, {folder, named, by});
    await printResult(invocation, {kind: 'Abort', run: named, by}, `${told} was asked to end; it undoes and reports\n`);
    return ExitCode.passed;
  },
});

async function byFolder(
  invocation: Invocation<AbortFlags>,
  {folder, named, by}: {folder: string; named: string; by: string},
): Promise<string> {
  const {requestAbort} = await import('../drill/record/abort-request.ts');
  const {id, state, outstanding, clusterGone} = await standingOf(folder);
  if (state !== 'running') {
    const isOver = state === 'clean' || (clusterGone && outstanding.length === 0);
    throw new RefusedError(`the run ${named} is not running: it is ${state}`, {
      code: 'E_NOT_RUNNING',
      hint: isOver
        ? 'There is nothing to do.'
        : `Take back what it left with: ${await rollbackCommand(folder, invocation)}`,
    });
  }
  await requestAbort(folder, by);
  return `the run ${id}`;
}

async function byLease({io, flags}: Parameters<(typeof abort)['run']>[0], named: string, by: string): Promise<string> {
  const [{connect}, {requestAbortByLease}] = await Promise.all([
    import('../cluster/connect.ts'),
    import('../drill/record/abort-request.ts'),
  ]);
  const connection = await connect({
    env: io.env,
    ...defined({kubeconfig: flags.kubeconfig, context: flags.context}),
  });
  try {
    const holder = await requestAbortByLease(connection, named, by);
    if (holder !== undefined) return holder;
  } finally {
    connection.close();
  }
  throw new RefusedError(
    `there is no folder of the run ${named} here, and it does not hold the cluster ${connection.context}`,
    {
      code: 'E_NO_RUN',
      hint: 'See kubedrill status, or name its report folder with --reports.',
    },
  );
}
