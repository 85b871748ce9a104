import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {chmod, cp, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {parse, stringify} from 'yaml';
import {allExamples} from '../support/examples.ts';
import {type Ended, installed, output, root, start, temporaryFolder} from '../support/kubedrill.ts';

/** What is not played, and why. */
const notPlayed: Readonly<Record<string, string>> = {
  'npm ci': 'installs this clone',
  'npm ci && npm run demo': 'installs this clone, and measures: see shadow()',
  'npm ci && npm test': 'is what plays this',
  'npm ci && npm run build && npm link': 'changes this clone and the PATH',
  'npm run check': 'is what plays this',
  'npm run demo': 'the drill that ships, which measures: see shadow()',
  'npm run campaign': 'an hour',
  'npm run bench': 'needs a machine that does nothing else',
  'bash .ci/run': 'is what plays this, with clusters of kind',
  'kind create cluster --name drills': 'needs kind and a container engine',
  'docker build -t kubedrill/kubedrill:0.1.0 .': 'needs a container engine; .ci/run builds it',
  'kind load docker-image kubedrill/kubedrill:0.1.0 --name drills': 'needs kind and a container engine',
  'KUBECONFIG=practice.kubeconfig kubectl get pods -A': 'needs kubectl; test/practice/kubectl.test.ts plays it',
  'kubectl --kubeconfig practice.kubeconfig get pods -A': 'needs kubectl; test/practice/kubectl.test.ts plays it',
  'kubedrill practice --port 6443 >practice.kubeconfig': 'something else may have that port',
  'kubedrill prober --config /etc/kubedrill/prober.json': 'runs in a pod; every drill from inside a cluster plays it',
};

/** An example, and the exit code that docs/exit-codes.md says for it here, when that is not 0. */
type Play = string | readonly [line: string, exitCode: number];

const run = '2026-11-20T214007Z-kill-coredns-7f3a';

/** What needs a cluster that nobody else drills, in this order, each in a folder and on a cluster of its own. */
const onCluster: Readonly<Record<string, readonly Play[]>> = {
  'a run and what comes after it': [
    'kubedrill doctor',
    'kubedrill run drills/kill-coredns.yaml --context staging --operator ada',
    'kubedrill status',
    `kubedrill status ${run} -o json`,
    // The run is over.
    [`kubedrill abort ${run}`, 3],
    [`kubedrill abort ${run} --context staging`, 3],
    `kubedrill report reports/${run}`,
    'kubedrill report RUN',
    'kubedrill report FOLDER',
    'openssl genpkey -algorithm ed25519 -out drills.key',
    'openssl pkey -in drills.key -pubout -out drills.pub',
    `kubedrill report sign ${run} --key drills.key`,
    'kubedrill report sign RUN --key drills.key',
    'kubedrill report verify RUN',
    `kubedrill report verify ${run} --public-key drills.pub`,
    'kubedrill report verify RUN --public-key drills.pub',
    'kubedrill history',
    'kubedrill history kill-coredns -o json',
    'kubedrill history [SCENARIO]',
    'kubedrill history --fail-on overdue,regression',
    `kubedrill rollback ${run}`,
    `kubedrill rollback reports/${run} --dry-run --context staging`,
    'kubedrill rollback RUN',
  ],
  'a folder of drills': [
    'kubedrill plan my-drill.yaml',
    'kubedrill run my-drill.yaml',
    'kubedrill run kill-coredns --var rto=30s --dry-run=server',
    'kubedrill run kill-coredns --dry-run=server',
    'kubedrill run drills/ --reports evidence/ -o json',
    'kubedrill history --reports evidence/ --scenarios drills/ --fail-on overdue,never-run,regression',
    'kubedrill canary install --context staging',
    'kubedrill canary install',
    'kubedrill canary uninstall --context staging',
    'kubedrill rollback --orphans --dry-run',
    'kubedrill rollback --orphans',
  ],
  'first drills of clusters': [
    'kubedrill doctor --context my-cluster',
    'kubedrill plan kill-coredns --context my-cluster',
    'kubedrill run kill-coredns --context my-cluster',
    'kubedrill doctor --context kind-drills kill-coredns',
    'kubedrill plan --context kind-drills kill-coredns',
    'kubedrill run --context kind-drills kill-coredns',
    'kubedrill plan my-drill.yaml --context kind',
    'kubedrill doctor --context staging kill-coredns',
    'kubedrill doctor -o json',
    'kubedrill plan kill-coredns --context staging',
  ],
};

/** What needs no cluster, or brings its own. */
const alone: Readonly<Record<string, readonly Play[]>> = {
  'drills on the practice cluster': [
    'kubedrill run --practice kill-coredns',
    'kubedrill run --practice my-drill.yaml',
    'kubedrill run --practice drills/ -o json >result.json',
    'kubedrill plan my-drill.yaml --practice -o json',
    'kubedrill practice --write-kubeconfig practice.kubeconfig &',
  ],
  'what only reads': [
    'kubedrill validate scenarios/',
    'kubedrill validate drills/',
    'kubedrill validate my-drill.yaml',
    'kubedrill validate my-drill.yaml -o json',
    'cat my-drill.yaml | kubedrill validate -',
    'kubedrill explain spec.probes.every',
    'kubedrill explain spec.verify',
    'kubedrill explain pod/delete',
    'kubedrill explain actions',
    'kubedrill explain probes',
    'kubedrill explain machine',
    'kubedrill schema >scenario.v1.json',
    'kubedrill rbac kill-coredns | kubectl apply -f -',
    'kubedrill rbac drills/ --service-account ops:drills --environment staging --in-pod',
    'kubedrill rbac drills/ --service-account ops:drills --in-pod | kubectl apply -f -',
    'kubedrill rbac drills/ --compare',
    'kubedrill canary manifest -n backup-canary >canary.yaml',
    'kubedrill version',
    'kubedrill version -o json',
  ],
};

const lineOf = (play: Play) => (typeof play === 'string' ? play : play[0]);
const chains = {...onCluster, ...alone};

test('every example is played here, or stands with the reason why not; none that is gone does', async () => {
  const known = [...Object.values(chains).flat().map(lineOf), ...Object.keys(notPlayed)];
  const shown = await allExamples();
  expect(shown.filter(({line}) => !known.includes(line))).toEqual([]);
  const lines = shown.map(({line}) => line);
  expect(known.filter((line) => !lines.includes(line))).toEqual([]);
});

test.concurrent.each(Object.keys(onCluster))('%s', async (name) => {
  const cwd = await folder();
  if (name.startsWith('first drills')) await shadow(cwd);
  const cluster = start(['practice', '--write-kubeconfig', 'kubeconfig'], {cwd});
  try {
    await output(cluster, 'stdout', 'export KUBECONFIG');
    const file = join(cwd, 'kubeconfig');
    await writeFile(file, withContexts(await readFile(file, 'utf8')));
    await playChain(onCluster[name] ?? [], cwd);
  } finally {
    cluster.kill('SIGINT');
    await cluster.ended;
  }
});

test.concurrent.each(Object.keys(alone))('%s', async (name) => {
  const cwd = await folder();
  if (name.startsWith('drills')) await shadow(cwd);
  await playChain(alone[name] ?? [], cwd);
});

async function playChain(plays: readonly Play[], cwd: string): Promise<void> {
  for (const play of plays) {
    const [line, code] = typeof play === 'string' ? [play, 0] : play;
    const ended = await shell(await withRun(line, cwd), cwd);
    expect({line, ...ended}).toMatchObject({line, code});
    expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/bug in kubedrill/);
  }
}

/** A folder as the examples speak of it. */
async function folder(): Promise<string> {
  const cwd = await temporaryFolder();
  await cp(join(root, 'scenarios'), join(cwd, 'scenarios'), {recursive: true});
  const quick = await readFile(join(root, 'test/fixtures/cli/quick.yaml'), 'utf8');
  await mkdir(join(cwd, 'drills'));
  await writeFile(join(cwd, 'drills/kill-coredns.yaml'), quick.replace('name: quick', 'name: kill-coredns'));
  await writeFile(join(cwd, 'my-drill.yaml'), quick.replace('name: quick', 'name: my-drill'));
  await mkdir(join(cwd, 'bin'));
  const program = join(installed, 'bin/kubedrill.cjs');
  await writeFile(join(cwd, 'bin/kubedrill'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  // What is handed to it has to be something.
  await writeFile(join(cwd, 'bin/kubectl'), '#!/bin/sh\ngrep -q apiVersion\n');
  for (const name of ['kubedrill', 'kubectl']) await chmod(join(cwd, 'bin', name), 0o755);
  return cwd;
}

/**
 * A short drill under the name of the one that ships, whose verdict on a machine that plays other tests is a matter of
 * luck: it measures. test/e2e plays that one.
 */
const shadow = (cwd: string) => cp(join(cwd, 'drills/kill-coredns.yaml'), join(cwd, 'kill-coredns'));

const contexts = ['staging', 'kind', 'my-cluster', 'kind-drills'];

/** A kubeconfig with every context that an example names, all for the same cluster. */
function withContexts(kubeconfig: string): string {
  const config = parse(kubeconfig);
  const [{context}] = config.contexts;
  config.contexts = contexts.map((name) => ({name, context}));
  return stringify({...config, 'current-context': 'staging'});
}

/** The run of this folder in the place of the one that the example names. */
async function withRun(line: string, cwd: string): Promise<string> {
  const [id = run] = await readdir(join(cwd, 'reports')).catch(() => []);
  return line
    .replace(run, id)
    .replace(/\bRUN\b/, id)
    .replace(/\bFOLDER\b/, `reports/${id}`)
    .replace('[SCENARIO]', 'kill-coredns');
}

/** Plays a line in a shell; what it puts into the background is ended once it has written its file. */
async function shell(line: string, cwd: string): Promise<Ended> {
  const rest = line.endsWith('&')
    ? '\nuntil [ -s practice.kubeconfig ]; do sleep 0.1; done; kill -TERM $!; wait $!'
    : '';
  const {PATH = '', TMPDIR} = process.env;
  const env = {
    PATH: `${join(cwd, 'bin')}:${PATH}`,
    HOME: join(cwd, 'home'),
    ...(TMPDIR === undefined ? {} : {TMPDIR}),
    ...(existsSync(join(cwd, 'kubeconfig')) ? {KUBECONFIG: join(cwd, 'kubeconfig')} : {}),
  };
  const child = spawn('bash', ['-o', 'pipefail', '-c', line + rest], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']});
  const said = {stdout: '', stderr: ''};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const [code] = await once(child, 'close');
  return {code, ...said};
}
