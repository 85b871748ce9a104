import {resolve} from 'node:path';
import * as z from 'zod';
import {commandUndo} from '../actions/command/undo.ts';
import {StepError} from '../io/errors.ts';
import type {ExecResult} from '../io/exec.ts';
import {outside} from '../io/target.ts';
import {oneLine} from '../io/text.ts';
import {attempt} from '../probes/attempt.ts';
import type {Reading} from '../probes/define.ts';
import {type CanaryContext, defineCanary, type WritingCanary} from './define.ts';
import {outcomeOf} from './outcome.ts';

const argv = (description: string) => z.array(z.string()).min(1).describe(description);

const input = () =>
  z.strictObject({
    write: argv('Stores the number {number} of the run {run}; exit code 0 says that it is stored for good'),
    read: argv('Prints the numbers of the run {run} that are stored, one on each line'),
    remove: argv('Removes all numbers of the run {run}; must be safe to run twice'),
    refused: z
      .array(z.number().int().min(1).max(255))
      .default([])
      .describe('Exit codes of write that say that nothing was stored; after any other it may have been'),
  });
type Input = z.infer<ReturnType<typeof input>>;

/** Milliseconds that the removal may take. */
const removeTimeout = 60_000;

/** Numbered writes by programs: databases and whatever else has a client. No shell is involved. */
export const command = defineCanary<Input, 'exec'>({
  kind: 'command',
  summary: 'Stores and lists numbers by running programs; shows what a restore of their store loses.',
  input,
  needs: ['exec'],
  undos: [commandUndo],
  permissions: () => [],
  commands: ({write, read, remove}) => [write, read, remove],
  open: (ctx, given) => open(ctx, given),
  examples: [
    {
      write: ['psql', '-c', "INSERT INTO canary VALUES ('{run}', {number})"],
      read: ['psql', '-Atc', "SELECT number FROM canary WHERE run = '{run}'"],
      remove: ['psql', '-c', "DELETE FROM canary WHERE run = '{run}'"],
      refused: [],
    },
  ],
});

function open(ctx: CanaryContext<'exec'>, {write, read, remove, refused}: Input): WritingCanary {
  const {name, run, clock, writer} = ctx;
  const filled = (argv: readonly string[], number?: number) =>
    argv.map((part) => part.replaceAll('{run}', run.label).replaceAll('{number}', String(number)));
  return {
    cover: async () => ({
      // A rollback may be started in another folder.
      undo: {kind: 'command/undo', data: {argv: filled(remove), timeout: removeTimeout, cwd: resolve('.')}},
      target: outside('Canary', name),
    }),
    write: async (number, bounds) => {
      const once = async (signal: AbortSignal): Promise<Reading> => {
        const result = await writer.exec.run(filled(write, number), {...bounds, signal});
        return written(result, refused);
      };
      // A program that cannot be started has stored nothing.
      const start = (signal: AbortSignal) =>
        once(signal).catch(
          (error: unknown): Reading => ({
            state: error instanceof StepError ? 'bad' : 'blind',
            detail: error instanceof Error ? error.message : String(error),
          }),
        );
      return outcomeOf(await attempt({...bounds, clock}, start, 'blind'));
    },
    read: async (bounds) => numbersOf(await writer.exec.run(filled(read), bounds)),
  };
}

function written({exitCode, timedOut}: ExecResult, refused: readonly number[]): Reading {
  if (exitCode === 0) return {state: 'ok'};
  if (timedOut) return {state: 'blind', detail: 'timeout'};
  const sure = exitCode !== undefined && refused.includes(exitCode);
  return {
    state: sure ? 'bad' : 'blind',
    detail: exitCode === undefined ? 'ended by a signal' : `exit code ${exitCode}`,
  };
}

function numbersOf({exitCode, stdout, stderr}: ExecResult): number[] {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  if (exitCode === 0 && lines.every((line) => /^\s*\d{1,15}\s*$/.test(line))) return lines.map(Number);
  const said = oneLine((stderr || stdout).slice(-120));
  throw new StepError(`the canary's read command ended with ${exitCode ?? 'a signal'}: ${said}`, {
    code: 'E_CANARY_READ',
    hint: 'It must end with exit code 0 and print one number on each line, and nothing else.',
  });
}
