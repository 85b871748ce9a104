import {mkdir, mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, relative, resolve} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {actions} from '../../../../src/actions/index.ts';
import {startWorld} from '../../../support/action-context.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-command-'));
});
afterEach(() => rm(folder, {recursive: true}));

const write = (text: string) => ['sh', '-c', `echo ${text} >> "$1"`, 'sh', join(folder, 'log')];

test('runs inside an intent and is taken back by its undo command', async () => {
  await using world = await startWorld();
  const undo = {argv: write('undone'), verify: ['grep', '-q', 'undone', join(folder, 'log')]};
  const {output} = await world.play('command/run', {argv: write('done'), undo});
  expect(output).toEqual({exitCode: 0, stdout: '', stderr: ''});
  const [intent = expect.unreachable()] = world.intents;
  expect(intent).toMatchObject({target: {kind: 'Command', name: 'sh'}, undo: {kind: 'command/undo'}});
  expect(await world.verify(intent)).toMatchObject({ok: false});
  expect(await world.undo(intent)).toMatchObject({state: 'undone'});
  expect(await world.verify(intent)).toMatchObject({ok: true});
  expect(await readFile(join(folder, 'log'), 'utf8')).toBe('done\nundone\n');
});

test('one that only looks makes no intent; control characters in its output are visible', async () => {
  await using world = await startWorld();
  const {output} = await world.play('command/run', {argv: ['printf', '\\033[31mred\\n'], mutates: false});
  expect(output.stdout).toBe('\\u001b[31mred\n');
  expect(world.intents).toHaveLength(0);
});

test('another exit code than expected fails with the end of what it said', async () => {
  await using world = await startWorld();
  const argv = ['sh', '-c', 'echo no space left >&2; exit 4'];
  await expect(world.play('command/run', {argv, mutates: false})).rejects.toMatchObject({
    code: 'E_COMMAND_FAILED',
    message: 'command/run: sh ended with exit code 4 instead of 0: no space left',
  });
  expect((await world.play('command/run', {argv, mutates: false, expectedExitCode: 4})).output.exitCode).toBe(4);
});

test('one that does not end is killed', async () => {
  await using world = await startWorld();
  const input = {argv: ['sleep', '60'], mutates: false, timeout: '300ms'};
  await expect(world.play('command/run', input)).rejects.toMatchObject({code: 'E_COMMAND_TIMEOUT'});
});

test('an undo command that fails is a failed undo with the command to run', async () => {
  await using world = await startWorld();
  await world.play('command/run', {argv: ['true'], undo: {argv: ['sh', '-c', 'echo stuck >&2; exit 1']}});
  expect(await world.undoAll()).toEqual([
    {
      state: 'failed',
      detail: expect.stringMatching(
        /^its undo command ended with exit code 1: stuck; an undo has to succeed .*undo\.verify/,
      ),
    },
  ]);
});

test('where it fails, its verify command decides whether there is anything to take back', async () => {
  await using world = await startWorld();
  const undo = {argv: ['sh', '-c', 'echo not found >&2; exit 1']};
  await world.play('command/run', {argv: ['true'], undo: {...undo, verify: ['true']}});
  await world.play('command/run', {argv: ['true'], undo: {...undo, verify: ['false']}});
  const [clean = expect.unreachable(), left = expect.unreachable()] = world.intents;
  expect(await world.undo(clean)).toEqual({
    state: 'already',
    detail: 'its undo command ended with exit code 1: not found, and its verify command found all as before',
  });
  expect(await world.undo(left)).toMatchObject({state: 'failed'});
});

test.each([{argv: ['true']}, {argv: ['true'], mutates: false, undo: {argv: ['true']}}, {argv: [], mutates: false}])(
  '%j is no input',
  (input) => {
    expect(actions['command/run']?.input.safeParse(input).success).toBe(false);
  },
);

test('its record names the folder that it ran in, whatever folder its undo is played from', async () => {
  await using world = await startWorld();
  const here = relative(process.cwd(), folder);
  await world.play('command/run', {argv: ['touch', 'flag'], cwd: here, undo: {argv: ['rm', '-f', 'flag']}});
  await world.play('command/run', {argv: ['true'], undo: {argv: ['true']}});
  const [given = expect.unreachable(), none = expect.unreachable()] = world.intents;
  expect([given.undo.data.cwd, none.undo.data.cwd]).toEqual([resolve(folder), process.cwd()]);
  expect(await world.undo(given)).toMatchObject({state: 'undone'});
  expect(await readdir(folder)).toEqual([]);
});

test('where that folder is gone, nothing is taken back, and it says so', async () => {
  await using world = await startWorld();
  const gone = join(folder, 'gone');
  await mkdir(gone);
  await world.play('command/run', {argv: ['touch', 'flag'], cwd: gone, undo: {argv: ['rm', '-f', 'flag']}});
  await rm(gone, {recursive: true});
  const [intent = expect.unreachable()] = world.intents;
  await expect(world.undo(intent)).rejects.toMatchObject({
    code: 'E_COMMAND_NOT_STARTED',
    message: expect.stringContaining(`cannot be started in ${gone}`),
  });
});
