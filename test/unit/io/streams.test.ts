import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {text} from 'node:stream/consumers';
import {expect, test} from 'vitest';

const streams = new URL('../../../src/io/streams.ts', import.meta.url).href;

/** Runs a script whose stdout reader goes away after the first chunk. */
async function withClosedReader(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['ignore', 'pipe', 'pipe']});
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [code] = await once(child, 'close');
  return {code, stderr: Buffer.concat(errors).toString()};
}

const writing = `
  const timer = setInterval(() => process.stdout.write('more\\n'), 5);
  setTimeout(() => { clearInterval(timer); process.exitCode = 7; }, 300);
`;

test('a reader that goes away ends nothing', async () => {
  const script = `const {processStreams} = await import('${streams}'); const {stdout} = processStreams(process); ${writing}`;
  expect(await withClosedReader(script)).toEqual({code: 7, stderr: ''});
});

test('without the guard the same process dies of EPIPE', async () => {
  const {stderr} = await withClosedReader(writing);
  expect(stderr).toContain('EPIPE');
});

test('prints the whole of what a pipe does not hold, before and after the stream is opened', async () => {
  const script = `const {processStreams} = await import('${streams}'); const streams = processStreams(process);
    streams.print('a'.repeat(1_000_000)); streams.stdout.write('b'); streams.print('c'.repeat(1_000_000));
    await streams.flush(); process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['ignore', 'pipe', 'inherit']});
  expect(await text(child.stdout)).toBe(`${'a'.repeat(1_000_000)}b${'c'.repeat(1_000_000)}`);
});

test('prints nothing to a reader that is gone, and goes on', async () => {
  const script = `const {processStreams} = await import('${streams}'); const {print, flush} = processStreams(process);
    print('first'); setInterval(() => print('more'), 5);
    setTimeout(async () => { await flush(); process.exit(7); }, 300);`;
  expect(await withClosedReader(script)).toEqual({code: 7, stderr: ''});
});
