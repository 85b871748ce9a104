import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';

export const root = join(import.meta.dirname, '../..');
/** The folder of the program as it ships, in the projects for which it was built (`built.ts`); else empty. */
export const installed = process.env.KUBEDRILL_BUILT ?? '';
const usual = installed === '' ? join(root, 'src/main.ts') : join(installed, 'bin/kubedrill.cjs');

/** How a process ended and what it said. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string;
  /** Script instead of the usual one. */
  program?: string;
  /** Arguments of Node itself. */
  nodeArgs?: readonly string[];
}

/** Where processes that tests start keep what outlives them, such as the locks of this machine. */
export const stateFolder = join(tmpdir(), 'kubedrill-test-state');

/** An environment in which nothing of this machine's own Kubernetes or kubedrill settings shows. */
function cleanEnv(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const {PATH = '', TMPDIR} = process.env;
  return {PATH, HOME: '/nonexistent', XDG_STATE_HOME: stateFolder, ...(TMPDIR === undefined ? {} : {TMPDIR}), ...env};
}

/** Starts the program as a process of its own. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcess & {ended: Promise<Ended>} {
  const {cwd = root, env, stdin, program = usual, nodeArgs = []} = options;
  const child = spawn(process.execPath, [...nodeArgs, program, ...args], {cwd, env: cleanEnv(env)});
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // One that ends without having read is no trouble of the test.
  child.stdin.on('error', () => undefined).end(stdin ?? '');
  const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
  const ended = once(child, 'close').then(([code]) => ({code, stdout: text(out), stderr: text(err)}));
  return Object.assign(child, {ended});
}

/** Runs the program to its end. */
export const kubedrill = (args: readonly string[], options?: RunOptions): Promise<Ended> => start(args, options).ended;

/** Resolves with the output so far once it holds `text`; rejects when the process ends without. */
export async function output(child: ChildProcess, stream: 'stdout' | 'stderr', text: string): Promise<string> {
  let said = '';
  return await new Promise((resolve, reject) => {
    child[stream]?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes(text)) resolve(said);
    });
    child.once('close', (code) => reject(new Error(`ended with ${code} without saying "${text}", but: ${said}`)));
  });
}

/** A new empty folder. */
export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'kubedrill-test-'));
