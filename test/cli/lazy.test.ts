import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {kubedrill, root, temporaryFolder} from '../support/kubedrill.ts';

/** Writes the URL of every module that a process loads into a file. */
const listing = (file: string) => `
  import {appendFileSync} from 'node:fs';
  import {registerHooks} from 'node:module';
  registerHooks({load: (url, context, next) => {
    appendFileSync(${JSON.stringify(file)}, url + '\\n');
    return next(url, context);
  }});`;

/** The modules that a command line loads. */
async function loaded(args: readonly string[]): Promise<{code: number | null; modules: string}> {
  const file = join(await temporaryFolder(), 'modules');
  const hook = `data:text/javascript,${encodeURIComponent(listing(file))}`;
  const {code} = await kubedrill(args, {nodeArgs: ['--import', hook], program: join(root, 'src/main.ts')});
  return {code, modules: await readFile(file, 'utf8')};
}

/** Not a run: `report` loads what it needs before it finds that out. */
const run = 'no-such-run';
const heavy = ['@kubernetes/client-node', 'pino', 'xstate', 'src/practice/', 'log-update', 'execa'];

test.concurrent.each([
  [['--help']],
  [['run', '--help']],
  [['version']],
  [['validate', 'scenarios/kill-coredns.yaml']],
  [['explain', 'pod/delete']],
  [['schema']],
  [['report', run]],
])('%o loads neither the Kubernetes client nor anything else of a drill', async (args) => {
  const {modules} = await loaded(args);
  expect(modules).toContain('src/main.ts');
  expect(heavy.filter((name) => modules.includes(name))).toEqual([]);
});

test('only the command that was called is loaded', async () => {
  const {modules} = await loaded(['version']);
  const files = modules.split('\n').filter((url) => /\/src\/cli\/[a-z]+\.ts/.test(url));
  expect(files.map((url) => url.replace(/.*\//, '').replace(/\?.*/, '')).sort()).toEqual([
    'commands.ts',
    'define.ts',
    'index.ts',
    'version.ts',
  ]);
});

test('the check itself sees what is loaded; the Kubernetes client is not, where no user needs it', async () => {
  const {modules} = await loaded(['plan', 'scenarios/kill-coredns.yaml', '--practice']);
  const seen = heavy.filter((name) => modules.includes(name));
  expect(seen).toContain('src/practice/');
  expect(seen).not.toContain('@kubernetes/client-node');
});
