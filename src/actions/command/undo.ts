import * as z from 'zod';
import {shellWord} from '../../cluster/names.ts';
import type {ExecResult} from '../../io/exec.ts';
import {oneLine} from '../../io/text.ts';
import {defineUndo, type UndoContext} from '../define.ts';

const schema = () =>
  z.strictObject({
    argv: z.array(z.string()).min(1),
    timeout: z.number(),
    /** The folder that its command ran in, as an absolute path; records of version 0.1 may lack it. */
    cwd: z.string().optional(),
    env: z.record(z.string(), z.string()).optional(),
    verify: z.array(z.string()).min(1).optional(),
  });
type Data = z.infer<ReturnType<typeof schema>>;

/** Runs the command that the scenario gives for taking a command back. */
export const commandUndo = defineUndo<Data, 'exec'>({
  kind: 'command/undo',
  summary:
    "Runs the scenario's own undo command, which must be safe to run twice, and to run where there is nothing to take back.",
  needs: ['exec'],
  schema,
  permissions: () => [],
  run: async (ctx, data) => {
    const result = await start(ctx, data, data.argv);
    if (result.exitCode === 0) {
      const how = data.verify === undefined ? unverified : '';
      return {state: 'undone', detail: `its undo command ended with exit code 0${how}`};
    }
    // What it cannot take back may never have been done: its word is worth less than a look.
    const seen = result.exitCode === undefined || result.timedOut ? undefined : await look(ctx, data);
    if (seen?.exitCode === 0) {
      return {
        state: 'already',
        detail: `its undo command ${ended(result)}, and its verify command found all as before`,
      };
    }
    const either = data.verify === undefined ? ', or `undo.verify` has to say that all is as before' : '';
    return {state: 'failed', detail: `its undo command ${ended(result)}${nothingLeft}${either}`};
  },
  verify: async (ctx, data) => {
    const result = await look(ctx, data);
    if (result === undefined) return {ok: true, detail: 'the scenario gives no command to verify it'};
    return {ok: result.exitCode === 0, detail: `its verify command ${ended(result)}`};
  },
  // Nobody but the scenario knows what its command did; its `verify` asks for the opposite.
  stays: async () => ({state: 'stays', detail: 'what a command did cannot be looked at'}),
  command: ({argv, cwd}) => `${cwd === undefined ? '' : `cd ${shellWord(cwd)} && `}${argv.map(shellWord).join(' ')}`,
});

/** Clean then means no more than the command's own word. */
const unverified = '; nobody looked whether all is as before, as the scenario gives no `undo.verify`';

/** What keeps a run dirty for ever where the command failed before it had done anything. */
const nothingLeft =
  '; an undo has to succeed as well where there is nothing to take back (`kubectl delete --ignore-not-found`)';

/** What its verify command came to; undefined when the scenario gives none. */
const look = async (ctx: UndoContext<'exec'>, data: Data): Promise<ExecResult | undefined> =>
  data.verify === undefined ? undefined : await start(ctx, data, data.verify);

function start(
  {write, signal}: UndoContext<'exec'>,
  {timeout, cwd, env}: Data,
  argv: readonly string[],
): Promise<ExecResult> {
  return write.exec.run(argv, {
    signal,
    timeout,
    ...(cwd === undefined ? {} : {cwd}),
    ...(env === undefined ? {} : {env}),
  });
}

/** How a program ended, with the end of what it said. */
function ended({exitCode, timedOut, stdout, stderr}: ExecResult): string {
  const how = timedOut ? 'ran out of time' : exitCode === undefined ? 'was killed' : `ended with exit code ${exitCode}`;
  const said = oneLine((stderr || stdout).slice(-200));
  return said === '' ? how : `${how}: ${said}`;
}
