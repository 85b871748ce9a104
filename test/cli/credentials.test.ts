import {readdir, readFile, writeFile} from 'node:fs/promises';
import {type AddressInfo, connect} from 'node:net';
import {join} from 'node:path';
import {createServer} from 'node:tls';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {parse, stringify} from 'yaml';
import {type CampaignCluster, startCampaignCluster} from '../support/campaign.ts';
import {kubedrill, root, temporaryFolder} from '../support/kubedrill.ts';

const pem = (name: string) => readFile(join(root, 'test/fixtures/tls', name), 'utf8');
const [key, cert] = await Promise.all([pem('server.key'), pem('server.crt')]);

let cluster: CampaignCluster;
/** TLS in front of it: over plain http no credentials are sent. */
const front = createServer({key, cert}, (socket) => {
  const inner = connect(Number(new URL(parse(cluster.kubeconfig).clusters[0].cluster.server).port), '127.0.0.1');
  for (const one of [socket, inner]) one.on('error', () => one.destroy()).on('close', () => inner.destroy());
  inner.on('close', () => socket.destroy());
  socket.pipe(inner).pipe(socket);
});
beforeAll(async () => {
  cluster = await startCampaignCluster();
  await new Promise<void>((listening) => front.listen(0, '127.0.0.1', listening));
}, 60_000);
afterAll(async () => {
  front.close();
  await cluster[Symbol.asyncDispose]();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Users of a kubeconfig, each with what must not be shown of it. */
const users: Record<string, {user: object; secrets: string[]}> = {
  password: {
    user: {username: 'bot', password: 'pass-Wq7pL2xv'},
    secrets: ['pass-Wq7pL2xv', base64('bot:pass-Wq7pL2xv')],
  },
  token: {
    user: {token: 'tokn-Rk3vB8zc', 'client-key-data': base64(key)},
    secrets: ['tokn-Rk3vB8zc', base64(key), key.split('\n')[1] ?? ''],
  },
  plugin: {
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'sh',
        interactiveMode: 'Never',
        args: [
          '-c',
          `echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "${'plug-Jn5mT1qd'}"}}'`,
        ],
        env: [{name: 'VAULT_TOKEN', value: 'envv-Yh9sF4gk'}],
      },
    },
    secrets: ['plug-Jn5mT1qd', 'envv-Yh9sF4gk'],
  },
};

/** A drill in which texts stand wherever a person or a program may have put them. */
const scenario = (texts: string[], check = 'as it was') =>
  stringify({
    apiVersion: 'kubedrill.dev/v1',
    kind: 'Scenario',
    metadata: {name: 'told', title: `Told ${texts[0]}`, owner: 'tests', description: texts.join(' and ')},
    spec: {
      type: 'disaster',
      target: {environments: ['practice'], maxTargets: 1},
      prepare: [
        {
          id: 'told',
          uses: 'command/run',
          with: {
            argv: ['node', '-e', 'console.log(process.argv.slice(1)); console.error(process.argv[1])', ...texts],
            undo: {argv: ['node', '-e', 'console.log(process.argv.slice(1))', ...texts]},
          },
        },
      ],
      probes: [
        {
          name: 'mode',
          uses: 'kubernetes/object',
          from: 'runner',
          // Each sample is a TLS connection of its own.
          every: '300ms',
          timeout: '300ms',
          with: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings'},
          expect: 'object.data.mode == "calm"',
        },
      ],
      services: {mode: {up: ['mode'], outage: 'required'}},
      objectives: [{rto: '30s', of: 'mode', from: 'fault', source: `policy ${texts[0]}`}],
      steady: {for: '1s'},
      inject: [
        {
          id: 'off',
          uses: 'object/patch',
          with: {
            ...{apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings'},
            patch: {data: {mode: texts[0] ?? ''}},
          },
        },
      ],
      recover: [{pause: '2s'}, {undo: 'off'}],
      verify: {
        within: '40s',
        stableFor: '300ms',
        checks: [
          {
            name: check,
            uses: 'kubernetes/object',
            with: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings'},
            expect: 'object.data.mode == "calm"',
          },
        ],
      },
      stopWhen: {none: 'a test'},
    },
  });

/** Plays the scenario as a user of the table; `leaks` tells which credentials a text holds. */
async function playAs(name: string, text: (secrets: string[]) => string) {
  const {user, secrets} = users[name] ?? expect.unreachable();
  const cwd = await temporaryFolder();
  const config = parse(cluster.kubeconfig);
  config.users[0].user = user;
  config.clusters[0].cluster.server = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  await writeFile(join(cwd, 'kubeconfig'), stringify(config));
  await writeFile(join(cwd, 'scenario.yaml'), text(secrets));
  const flags = ['--kubeconfig', 'kubeconfig', '--ticket', `T-${secrets[0]}`, '-vv'];
  const {code, stdout, stderr} = await kubedrill(['run', 'scenario.yaml', ...flags], {cwd});
  const leaks = (said: string) => secrets.filter((secret) => said.includes(secret));
  const [run = ''] = await readdir(join(cwd, 'reports'));
  const folder = join(cwd, 'reports', run);
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const found: [string, string[]][] = [
    ['stdout', leaks(stdout)],
    ['stderr', leaks(stderr)],
  ];
  for (const entry of entries.filter((one) => one.isFile())) {
    found.push([entry.name, leaks(await readFile(join(entry.parentPath, entry.name), 'utf8'))]);
  }
  expect(found.filter(([, leaked]) => leaked.length > 0)).toEqual([]);
  return {code, said: `${stdout}${stderr}`, folder, cwd, leaks, files: found.length - 2};
}

test.each(Object.keys(users))('nothing of a kubeconfig with a %s is shown, whoever repeats it', async (name) => {
  const {code, said, folder, cwd, leaks, files} = await playAs(name, (secrets) => scenario(secrets));
  expect({code, said}).toEqual({code: 0, said: expect.any(String)});
  expect(files).toBeGreaterThan(6);
  expect(await readFile(join(folder, 'journal.jsonl'), 'utf8')).toContain('[redacted]');
  const planned = await kubedrill(['plan', 'scenario.yaml', '--kubeconfig', 'kubeconfig', '-o', 'json'], {cwd});
  expect([planned.code, leaks(planned.stdout + planned.stderr)]).toEqual([0, []]);
});

test('a name that holds one refuses the run, and is shown nowhere either', async () => {
  const {code, said, cwd, leaks} = await playAs('password', (secrets) => scenario(secrets, `not ${secrets[0]}`));
  expect(code).toBe(3);
  expect(said).toContain('The name of spec.verify.checks.0 holds the value of a secret');
  const planned = await kubedrill(['plan', 'scenario.yaml', '--kubeconfig', 'kubeconfig', '-o', 'json'], {cwd});
  expect([planned.code, leaks(planned.stdout + planned.stderr)]).toEqual([3, []]);
});
