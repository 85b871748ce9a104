import {resolve} from 'node:path';
import * as z from 'zod';
import {shellWord} from '../../cluster/names.ts';
import {StepError} from '../../io/errors.ts';
import type {ExecResult} from '../../io/exec.ts';
import {durationField} from '../../io/fields.ts';
import {outside} from '../../io/target.ts';
import {harmless, oneLine} from '../../io/text.ts';
import {type ActionContext, defineAction} from '../define.ts';
import {commandUndo} from './undo.ts';

const argv = () => z.array(z.string()).min(1);
const timeout = () => durationField().default(30_000).describe('The program and all it started are killed then');

const input = () =>
  z
    .strictObject({
      argv: argv().describe('Program and arguments; no shell is involved'),
      timeout: timeout(),
      cwd: z
        .string()
        .optional()
        .describe('Folder to run in, also for its undo; where kubedrill was started when none is given'),
      env: z.record(z.string(), z.string()).optional().describe('Variables added to the environment'),
      expectedExitCode: z.int().min(0).max(255).default(0).describe('The exit code that means success'),
      mutates: z.boolean().default(true).describe('false: it only looks, and needs no undo'),
      undo: z
        .strictObject({
          argv: argv().describe(
            'The command that takes it back; must be safe to run twice, and succeed where there is nothing to take back: the command may have failed before it did anything (`kubectl delete --ignore-not-found`)',
          ),
          timeout: timeout(),
          verify: argv()
            .optional()
            .describe(
              'A command that ends with 0 when everything is as before; where the undo command fails, what it says counts',
            ),
        })
        .optional()
        .describe('How it is taken back'),
    })
    .refine(({mutates, undo}) => mutates === (undo !== undefined), {
      message: 'a command needs an undo, or mutates: false when it changes nothing',
      path: ['undo'],
    });
type Input = z.infer<ReturnType<typeof input>>;

const output = () =>
  z.strictObject({
    exitCode: z.int().describe('Exit code'),
    stdout: z.string().describe('Standard output, at most 64 KiB'),
    stderr: z.string().describe('Standard error, at most 64 KiB'),
  });

const kind = 'command/run';

/** Runs a program where kubedrill runs. */
export const commandRun = defineAction<Input, z.infer<ReturnType<typeof output>>, 'exec'>({
  kind,
  summary: 'Runs a program where kubedrill runs, from an argument array and never through a shell.',
  input,
  output,
  reversal: ({mutates}) => (mutates ? 'undoable' : 'none-needed'),
  examples: [
    {argv: ['kubectl', 'get', 'nodes'], mutates: false},
    {argv: ['./break.sh'], undo: {argv: ['./mend.sh'], timeout: '1m'}},
  ],
  needs: ['exec'],
  undos: [commandUndo],
  commands: ({argv: words}) => [words],
  permissions: () => [],
  plan: async (_ctx, given) => ({
    targets: given.mutates ? [targetOf(given)] : [],
    undoKinds: given.mutates ? ['command/undo'] : [],
    notes: [
      `runs ${given.argv.map(shellWord).join(' ')}`,
      ...(given.undo !== undefined && given.undo.verify === undefined
        ? ['that it is taken back is the word of its undo command alone: `undo.verify` could look']
        : []),
    ],
  }),
  run: async (ctx, given) => {
    const result = await start(ctx, given);
    const {exitCode} = result;
    ctx.log.debug('command ended', {argv: given.argv, exitCode, stderr: oneLine(result.stderr)});
    if (exitCode !== given.expectedExitCode) throw failed(given, result);
    return {exitCode, stdout: harmless(result.stdout), stderr: harmless(result.stderr)};
  },
});

async function start(ctx: ActionContext<'exec'>, given: Input): Promise<ExecResult> {
  const {env, undo} = given;
  // Its undo may be played by another process, elsewhere: the record names the folder.
  const place = {cwd: resolve(given.cwd ?? '.'), ...(env === undefined ? {} : {env})};
  const options = {signal: ctx.signal, timeout: given.timeout, ...place};
  if (undo === undefined) return await ctx.exec.run(given.argv, options);
  const data = {
    argv: undo.argv,
    timeout: undo.timeout,
    ...place,
    ...(undo.verify === undefined ? {} : {verify: undo.verify}),
  };
  return await ctx.mutate({undo: {kind: 'command/undo', data}, target: targetOf(given)}, ({exec}) =>
    exec.run(given.argv, options),
  );
}

const targetOf = ({argv: [program = '']}: Input) => outside('Command', program);

function failed({argv: words, timeout: limit, expectedExitCode}: Input, result: ExecResult): StepError {
  const {exitCode, timedOut, stdout, stderr} = result;
  const how = timedOut
    ? `did not end within ${limit / 1000} s and was killed`
    : exitCode === undefined
      ? 'was ended by a signal'
      : `ended with exit code ${exitCode} instead of ${expectedExitCode}`;
  const said = oneLine((stderr || stdout).slice(-400));
  return new StepError(`${kind}: ${words[0]} ${how}${said === '' ? '' : `: ${said}`}`, {
    code: timedOut ? 'E_COMMAND_TIMEOUT' : 'E_COMMAND_FAILED',
    hint: `Try it by hand: ${words.map(shellWord).join(' ')}`,
  });
}
