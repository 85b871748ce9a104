import {existsSync} from 'node:fs';
import {mkdtemp, readdir, readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {execa} from 'execa';
import {readJournal} from '../../src/journal/read.ts';
import type {JournalEntry} from '../../src/journal/types.ts';

const root = resolve(import.meta.dirname, '../..');
/** What ships, when it was built; else the source. */
export const program = existsSync(join(root, 'dist/main.js'))
  ? join(root, 'bin/kubedrill.cjs')
  : join(root, 'src/main.ts');

/** Kubeconfigs of the clusters that `.ci/run` brought up; a test of a cluster that is not there fails loudly. */
export const clusters = {
  single: process.env.KUBEDRILL_E2E_SINGLE ?? '',
  multi: process.env.KUBEDRILL_E2E_MULTI ?? '',
};

/** A run as its user meets it. */
export interface Finished {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** The run folder, when there is one. */
  folder: string;
  reports: string;
  entries: JournalEntry[];
  // The report is read as its readers do: by its documented JSON.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is schema/report.v1.json's business
  report: any;
}

interface Options {
  kubeconfig: string;
  /** Called once the first line of stderr that matches came. */
  on?: {line: RegExp; act: (child: {kill: (signal: NodeJS.Signals) => boolean}) => void};
  env?: Record<string, string>;
  reports?: string;
  /** The command plays no drill: it takes no --reports and leaves no run folder. */
  bare?: boolean;
}

/** Runs kubedrill to its end. */
export async function kubedrill(
  args: readonly string[],
  {kubeconfig, on, env = {}, reports, bare = false}: Options,
): Promise<Finished> {
  const folder = reports ?? (await mkdtemp(join(tmpdir(), 'kubedrill-e2e-')));
  const child = execa(process.execPath, [program, ...args, ...(bare ? [] : ['--reports', folder])], {
    cwd: root,
    env: {KUBECONFIG: kubeconfig, NO_COLOR: '1', ...env},
    reject: false,
    stdin: 'ignore',
    // A drill that undoes after a signal may take its time.
    forceKillAfterDelay: false,
  });
  let acted = false;
  let heard = '';
  child.stderr.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
    if (acted || !on?.line.test(heard)) return;
    acted = true;
    on.act(child);
  });
  const {exitCode = -1, stdout, stderr} = await child;
  const name = (await readdir(folder)).sort().at(-1);
  const path = name === undefined ? '' : join(folder, name);
  return {
    exitCode,
    stdout,
    stderr,
    folder: path,
    reports: folder,
    entries: path === '' ? [] : (await readJournal(join(path, 'journal.jsonl'))).entries,
    report: path === '' ? undefined : JSON.parse(await readFile(join(path, 'report.json'), 'utf8')),
  };
}

/** kubectl's stdout on a cluster; rejects when it fails. */
export async function kubectl(kubeconfig: string, ...args: string[]): Promise<string> {
  return (await execa('kubectl', args, {env: {KUBECONFIG: kubeconfig}})).stdout;
}

/** What a drill could have left behind: anything with the run label, and the namespace of its own. */
export async function residue(kubeconfig: string): Promise<string> {
  const kinds = 'pods,daemonsets,deployments,services,configmaps,leases';
  const labelled = await kubectl(kubeconfig, 'get', kinds, '-A', '-l', 'kubedrill.dev/run', '-o', 'name');
  const namespaces = await kubectl(kubeconfig, 'get', 'namespaces', '-o', 'name');
  return [...labelled.split('\n'), ...namespaces.split('\n').filter((name) => name.includes('kubedrill'))]
    .filter((line) => line !== '')
    .join('\n');
}
