import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {connect} from '../../../../src/cluster/connect.ts';
import {execCredentialShape, kubeconfigShape, type Shape} from '../../../../src/cluster/kubeconfig/fields.ts';
import {messageOf} from '../../../../src/io/errors.ts';
import {format} from '../../../support/kubeconfig/format.ts';
import {rows} from '../../../support/kubeconfig/index.ts';
import type {Outcome, Row} from '../../../support/kubeconfig/row.ts';
import {type Sent, type Servers, startServers} from '../../../support/kubeconfig/servers.ts';
import {findKubectl} from '../../../support/kubectl.ts';

const kubectl = findKubectl();
const nowhere: Servers = {
  ...{https: 'https://127.0.0.1:1', issued: 'https://127.0.0.1:2', http: 'http://127.0.0.1:3', take: () => []},
  proxies: {http: 'http://127.0.0.1:4', https: 'https://127.0.0.1:5', socks5: 'socks5://127.0.0.1:6'},
  [Symbol.asyncDispose]: async () => undefined,
};
const titled = rows(nowhere).map(({about, does}, index) => [index, `${about.join(', ')}: ${does}`] as const);

describe('the table of the format', () => {
  test('has a row for every field of the format, and no other', () => {
    expect([...new Set(rows(nowhere).flatMap(({about}) => about))].sort()).toEqual([...format].sort());
  });

  test('is what kubeconfigs and answers of plugins are held to', () => {
    const known = [...leaves(kubeconfigShape), ...leaves(execCredentialShape, 'ExecCredential')];
    expect(known.sort()).toEqual([...format].sort());
  });
});

describe('what is sent with a kubeconfig', () => {
  let servers: Servers;
  let folder: string;
  beforeAll(async () => {
    servers = await startServers();
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-fields-'));
  });
  afterAll(async () => {
    await servers[Symbol.asyncDispose]();
    await rm(folder, {recursive: true, force: true});
  });
  const rowOf = async (index: number): Promise<{row: Row; kubeconfig: string}> => {
    const row = rows(servers)[index] ?? expect.unreachable();
    return {row, kubeconfig: await written(row, servers, join(folder, String(index)))};
  };

  test.each(titled)('%i %s', async (index) => {
    const {row, kubeconfig} = await rowOf(index);
    held(await byKubedrill(kubeconfig, row, servers), row.outcome);
  });

  test.skipIf(kubectl === undefined).each(titled)('%i by kubectl: %s', async (index) => {
    const {row, kubeconfig} = await rowOf(index);
    held(await byKubectl(kubeconfig, row, servers, folder), row.kubectl ?? row.outcome);
  });
});

/** The fields at the ends of a shape; what is made of named entries counts as one. */
function leaves(shape: Shape, path = ''): string[] {
  if (typeof shape === 'string' || 'mapOf' in shape) return [path];
  if ('listOf' in shape) {
    const isEntry = typeof shape.listOf === 'object' && /^(clusters|users|contexts)$/.test(path);
    return isEntry ? leaves(shape.listOf, path) : [path];
  }
  return Object.entries(shape.fields).flatMap(([key, member]) => leaves(member, path === '' ? key : `${path}.${key}`));
}

async function written(row: Row, {https}: Servers, folder: string): Promise<string> {
  const config = {
    ...{apiVersion: 'v1', kind: 'Config', 'current-context': 'x'},
    clusters: [{name: 'c', cluster: {server: https, 'insecure-skip-tls-verify': true, ...row.cluster}}],
    users: [{name: 'u', user: row.user ?? {token: 'sesame'}}],
    contexts: [{name: 'x', context: {cluster: 'c', user: 'u', ...row.context}}],
    ...row.config,
  };
  const files = {...row.files, config: row.text ?? JSON.stringify(config)};
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), {recursive: true});
    await writeFile(join(folder, name), content, {mode: content.startsWith('#!') ? 0o755 : 0o600});
  }
  return join(folder, 'config');
}

interface Came {
  sent: Sent | undefined;
  said: string;
}

async function byKubedrill(kubeconfig: string, row: Row, servers: Servers): Promise<Came> {
  servers.take();
  const env = {PATH: process.env.PATH, ...row.env};
  const said = await connect({kubeconfig, env})
    .then((connection) =>
      connection.reader
        .raw('/readyz', {fresh: true})
        .then(() => '')
        .finally(() => connection.close()),
    )
    .catch(messageOf);
  return {sent: servers.take()[0], said};
}

async function byKubectl(kubeconfig: string, row: Row, servers: Servers, home: string): Promise<Came> {
  servers.take();
  const env = {PATH: process.env.PATH, HOME: home, ...row.env};
  const said = await new Promise<string>((resolve) => {
    const args = ['--kubeconfig', kubeconfig, 'get', '--raw', '/readyz'];
    const call = execFile(kubectl ?? '', args, {env, timeout: 20_000}, (error, stdout, stderr) =>
      resolve(error ? stdout + stderr : ''),
    );
    call.stdin?.end();
  });
  return {sent: servers.take()[0], said};
}

function held({sent, said}: Came, outcome: Outcome): void {
  if ('refuses' in outcome) {
    expect({sent, said}).toEqual({sent: undefined, said: expect.stringMatching(outcome.refuses)});
    return;
  }
  expect({said, sent}).toMatchObject({said: '', sent: expect.anything()});
  for (const [key, value] of Object.entries(outcome.sends))
    expect({[key]: sent?.[key as keyof Sent]}).toEqual({[key]: value});
}
