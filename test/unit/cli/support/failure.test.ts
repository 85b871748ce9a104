import {mkdir, mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {expect, test} from 'vitest';
import {asDrillError, tellFailure} from '../../../../src/cli/support/failure.ts';
import {UsageError} from '../../../../src/io/errors.ts';

const tell = (error: unknown, flags: {output: 'text' | 'json'; verbose: number}) => {
  const stdout = new PassThrough({encoding: 'utf8'});
  const stderr = new PassThrough({encoding: 'utf8'});
  const code = tellFailure(error, {stdout, stderr}, flags);
  return {code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '')};
};

test('one paragraph: what, then what to do; no stack', () => {
  const error = new UsageError('no such context "x"', {code: 'E_CONTEXT', hint: 'There are: a, b.'});
  expect(tell(error, {output: 'text', verbose: 1})).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: no such context "x"\nThere are: a, b.\n',
  });
});

test('-vv adds the stacks of the error and its causes', () => {
  const {stderr} = tell(new UsageError('outer', {code: 'E', cause: new Error('inner')}), {output: 'text', verbose: 2});
  expect(stderr).toMatch(/UsageError: outer\n +at [\s\S]*caused by: Error: inner\n +at /);
});

test('-o json says it on stdout too', () => {
  const {stdout} = tell(new UsageError('wrong', {code: 'E_X'}), {output: 'json', verbose: 0});
  expect(JSON.parse(stdout)).toEqual({
    apiVersion: 'kubedrill.dev/v1',
    kind: 'Error',
    exitCode: 2,
    error: {code: 'E_X', message: 'wrong'},
  });
});

test('what nobody foresaw is our bug: exit 5, and how to report it', () => {
  const {code, stderr} = tell(new TypeError('x is undefined'), {output: 'text', verbose: 0});
  expect(code).toBe(5);
  expect(stderr).toMatch(/^error: unexpected failure: x is undefined\nThis is a bug in kubedrill.*\n$/);
});

test('file trouble of the system becomes a sentence with the path', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-failure-'));
  await mkdir(join(folder, 'd'));
  await writeFile(join(folder, 'f'), '');
  for (const [path, code] of [
    [join(folder, 'none'), 'E_FILE_ENOENT'],
    [join(folder, 'd'), 'E_FILE_EISDIR'],
    [join(folder, 'f', 'x'), 'E_FILE_ENOTDIR'],
  ] as const) {
    const thrown = await readFile(path).catch((error: unknown) => error);
    const error = asDrillError(thrown);
    expect(error).toMatchObject({code, exitCode: 2});
    // EISDIR comes from read(2), which knows no path.
    if (code !== 'E_FILE_EISDIR') expect(error.message).toContain(path);
  }
});

test('control characters in a message do not reach the terminal', () => {
  const {stderr} = tell(new UsageError('bad \u001b]0;title\u0007 name', {code: 'E'}), {output: 'text', verbose: 0});
  expect(stderr).toBe('error: bad \\u001b]0;title\\u0007 name\n');
});
