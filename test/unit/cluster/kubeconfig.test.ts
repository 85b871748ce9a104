import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {createServer, request as httpRequest} from 'node:http';
import {type AddressInfo, connect as connectTcp} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type ConnectOptions, connect} from '../../../src/cluster/connect.ts';
import {loadKubeconfig} from '../../../src/cluster/kubeconfig.ts';
import {proxyOf} from '../../../src/cluster/proxy.ts';
import {type FakeApi, kubeconfigFor, startFakeApi} from '../../support/api-server.ts';

let folder: string;
let api: FakeApi;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-kubeconfig-'));
  api = await startFakeApi();
  api.on('GET', '/readyz', {text: 'ok'});
});

afterEach(async () => {
  await api.stop();
  await rm(folder, {recursive: true, force: true});
});

const headers = async (options: Omit<ConnectOptions, 'env'> & Partial<ConnectOptions>) => {
  const connection = await connect({env: {}, ...options});
  await connection.reader.raw('/readyz').finally(() => connection.close());
  return api.received.at(-1)?.headers;
};

const plugin = (extra: string, command = '../plugin/token.sh') =>
  `{exec: {apiVersion: client.authentication.k8s.io/v1, command: ${command}, interactiveMode: Never${extra}}}`;

/** A kubeconfig in `kube/`, and a plugin in `plugin/` whose token is what it finds in a variable. */
const withPlugin = async (script: string, user = plugin('')) => {
  for (const name of ['kube', 'plugin']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'plugin/token.sh'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'plugin/token.sh'), 0o755);
  const kubeconfig = join(folder, 'kube/config');
  await writeFile(kubeconfig, kubeconfigFor(api.url, user));
  return kubeconfig;
};
const answer = (token: string) => `echo '{"status": {"token": "'"${token}"'"}}'`;

describe('an exec plugin', () => {
  test('with a slash in its command counts from the folder of the kubeconfig', async () => {
    const kubeconfig = await withPlugin(answer('drill-token'));
    expect((await headers({kubeconfig}))?.authorization).toBe('Bearer drill-token');
  });

  test('is told who asks, and of which cluster when it wants to know', async () => {
    const script = answer('$(printf %s "$KUBERNETES_EXEC_INFO" | base64 | tr -d "\\n")');
    const kubeconfig = await withPlugin(script, plugin(', provideClusterInfo: true'));
    const [, token = ''] = (await headers({kubeconfig}))?.authorization?.split(' ') ?? [];
    expect(JSON.parse(Buffer.from(token, 'base64').toString('utf8'))).toEqual({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: {interactive: false, cluster: {server: api.url}},
    });
  });
});

describe('a user that cannot be used is refused with words', () => {
  test.each([
    ['{auth-provider: {name: gcp}}', 'its auth-provider "gcp"'],
    ['{as-groups: [admins]}', 'as-groups without "as"'],
    ['{exec: {apiVersion: client.authentication.k8s.io/v1}}', 'no command'],
    ['{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}', 'v1alpha1'],
    [plugin('', 'x').replace('Never', 'Always'), 'wants a terminal'],
  ])('%s', async (user, words) => {
    const loading = loadKubeconfig({kubeconfigText: kubeconfigFor(api.url, user), env: {}});
    await expect(loading).rejects.toMatchObject({exitCode: 2, message: expect.stringContaining(words)});
  });
});

test('a token file goes before a token, and data before a file', async () => {
  await writeFile(join(folder, 'token'), 'of-file');
  const user = `{token: beside, tokenFile: ${folder}/token}`;
  expect((await headers({kubeconfigText: kubeconfigFor(api.url, user)}))?.authorization).toBe('Bearer of-file');
  const both = '{client-certificate: none.crt, client-certificate-data: YQ==, client-key: none.key}';
  const {credentials} = await loadKubeconfig({kubeconfigText: kubeconfigFor(api.url, both), env: {}});
  expect(credentials).toEqual({'client-certificate-data': 'YQ==', 'client-key': 'none.key'});
});

describe('the proxy of the environment', () => {
  const server = 'https://api.corp.example:6443';
  const set = {HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'plain:80'};

  test.each<[string, Record<string, string>, string | undefined]>([
    [server, set, 'http://proxy:3128'],
    ['http://api.corp.example', set, 'http://plain:80'],
    [server, {https_proxy: 'socks5://s:1'}, 'socks5://s:1'],
    [server, {HTTP_PROXY: 'http://a', ALL_PROXY: 'http://b'}, undefined],
    ['https://127.0.0.1:6443', set, undefined],
    ['https://localhost', set, undefined],
    ['https://[::1]:6443', set, undefined],
    [server, {...set, NO_PROXY: '*'}, undefined],
    [server, {...set, no_proxy: 'other.example, corp.example'}, undefined],
    [server, {...set, NO_PROXY: '.corp.example'}, undefined],
    ['https://corp.example', {...set, NO_PROXY: '.corp.example'}, 'http://proxy:3128'],
    ['https://acorp.example', {...set, NO_PROXY: 'corp.example'}, 'http://proxy:3128'],
    [server, {...set, NO_PROXY: 'corp.example:443'}, 'http://proxy:3128'],
    [server, {...set, NO_PROXY: 'corp.example:6443'}, undefined],
    ['https://10.1.2.3:6443', {...set, NO_PROXY: '10.0.0.0/8'}, undefined],
    ['https://11.1.2.3', {...set, NO_PROXY: '10.0.0.0/8,1.2.3'}, 'http://proxy:3128'],
    ['https://[fd00::5]', {...set, NO_PROXY: 'fd00::/8'}, undefined],
  ])('%s with %j: %s', (url, env, expected) => {
    expect(proxyOf(url, env)).toBe(expected);
  });

  test('is the way to a name that only it knows, unless the kubeconfig names another', async () => {
    const target = Number(new URL(api.url).port);
    const seen: (string | undefined)[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.url);
      const {pathname} = new URL(request.url ?? '', api.url);
      const call = httpRequest({port: target, host: '127.0.0.1', path: pathname, headers: request.headers}, (given) => {
        response.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(response);
      });
      request.pipe(call);
    });
    proxy.on('connect', ({url}, client) => {
      seen.push(url);
      const tunnel = connectTcp(target, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 ok\r\n\r\n');
        tunnel.pipe(client);
        client.pipe(tunnel);
      });
      for (const one of [tunnel, client]) one.on('error', () => tunnel.destroy());
      client.on('close', () => tunnel.destroy());
    });
    await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const kubeconfigText = kubeconfigFor('http://api.cluster.corp.invalid');
    expect((await headers({kubeconfigText, env: {HTTP_PROXY: url}}))?.authorization).toBe('Bearer sesame');
    const named = kubeconfigText.replace('invalid"', `invalid", proxy-url: "${url}"`);
    await headers({kubeconfigText: named, env: {HTTP_PROXY: 'http://127.0.0.1:1'}});
    expect(seen).toHaveLength(2);
    expect(seen[0]).toContain('api.cluster.corp.invalid');
    await new Promise((closed) => proxy.close(closed).closeAllConnections());
  });
});
