import * as z from 'zod';
import {attempt, judged} from './attempt.ts';
import {defineProbe, type ProbeContext, type Reading} from './define.ts';

/** Longest part of each output that `expect` sees (characters). */
const outputLimit = 64 * 1024;

const argv = () => z.array(z.string()).min(1);
const input = () =>
  z.strictObject({
    argv: argv().describe('Program and arguments; no shell is involved.'),
    cwd: z.string().optional().describe('Folder to run in; where kubedrill runs when none is given.'),
    env: z.record(z.string(), z.string()).optional().describe('Variables added to the environment.'),
    controlArgv: argv()
      .optional()
      .describe(
        'The same question about something known bad; without it nothing shows that this probe can go red. A check uses it by `control: controlArgv`.',
      ),
  });
type Input = z.infer<ReturnType<typeof input>>;

const control = ({controlArgv, ...given}: Input) =>
  controlArgv === undefined ? undefined : {...given, argv: controlArgv};

/** What a program says, run where kubedrill runs. */
export const command = defineProbe<Input, 'exec'>({
  kind: 'command',
  summary: 'Runs a program and looks at its exit code and output.',
  needs: ['exec'],
  input,
  from: ['runner'],
  observes: {
    exitCode: 'exit code; -1 when a signal ended the program',
    stdout: 'standard output, at most 64 Ki characters of it',
    stderr: 'standard error, at most 64 Ki characters of it',
  },
  permissions: () => [],
  commands: ({argv: asked, controlArgv}) => [asked, ...(controlArgv === undefined ? [] : [controlArgv])],
  sample: (ctx, given) => attempt(ctx, (signal) => run(ctx, given, signal)),
  control,
  controls: {controlArgv: control},
  defaultExpect: 'exitCode == 0',
});

async function run(ctx: ProbeContext<'exec'>, given: Input, signal: AbortSignal): Promise<Reading> {
  const {cwd, env} = given;
  const options = {
    signal,
    timeout: ctx.timeout,
    ...(cwd === undefined ? {} : {cwd}),
    ...(env === undefined ? {} : {env}),
  };
  let result: Awaited<ReturnType<typeof ctx.exec.run>>;
  try {
    result = await ctx.exec.run(given.argv, options);
  } catch (error) {
    // The program could not be started: nothing was asked.
    return {state: 'blind', detail: error instanceof Error ? error.message : String(error)};
  }
  if (result.timedOut) return {state: 'bad', detail: 'timeout'};
  const {exitCode} = result;
  const observation = {
    exitCode: exitCode ?? -1,
    stdout: result.stdout.slice(0, outputLimit),
    stderr: result.stderr.slice(0, outputLimit),
  };
  return judged(ctx, observation, exitCode === undefined ? 'ended by a signal' : `exit code ${exitCode}`);
}
