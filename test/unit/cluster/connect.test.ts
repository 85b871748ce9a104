import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type ConnectOptions, connect} from '../../../src/cluster/connect.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import {DrillError} from '../../../src/io/errors.ts';
import {type FakeApi, kubeconfigFor, startFakeApi} from '../../support/api-server.ts';
import {rejection} from '../../support/rejection.ts';

const tls = join(import.meta.dirname, '../../fixtures/tls');

let folder: string;
let api: FakeApi;
const opened: Connection[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-connect-'));
  api = await startFakeApi();
  api.on('GET', '/readyz', {text: 'ok'});
});

afterEach(async () => {
  for (const connection of opened.splice(0)) connection.close();
  await api.stop();
  await rm(folder, {recursive: true, force: true});
});

const open = async (options: Partial<ConnectOptions>): Promise<Connection> => {
  const connection = await connect({env: {}, ...options});
  opened.push(connection);
  return connection;
};

const put = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

const failure = (promise: Promise<unknown>): Promise<DrillError> => rejection(promise, DrillError);

/** A line of shell that answers as a credential plugin. */
const answering = (token: string) =>
  `echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "'"${token}"'"}}'`;

/** The headers that arrive. */
const arrives = async (connection: Connection) => {
  await connection.reader.raw('/readyz');
  return api.received.at(-1)?.headers;
};

describe('which kubeconfig', () => {
  test('a file, with its current context', async () => {
    const connection = await open({kubeconfig: await put('config', api.secure.kubeconfig)});
    expect(connection).toMatchObject({context: 'fake', namespace: 'shop', user: 'u'});
    expect((await arrives(connection))?.authorization).toBe('Bearer sesame');
  });

  test('another context, and the default namespace', async () => {
    const connection = await open({kubeconfigText: api.kubeconfig, context: 'other'});
    expect(connection).toMatchObject({context: 'other', namespace: 'default'});
  });

  test('$KUBECONFIG is a list: the first to name a thing wins, missing and empty ones are passed over', async () => {
    const first = await put('first', `current-context: fake\nusers: [{name: u, user: {token: first}}]\n`);
    const second = await put('second', api.secure.kubeconfig);
    const list = ['', join(folder, 'missing'), await put('empty', ''), first, second, first, ''].join(delimiter);
    const connection = await open({env: {KUBECONFIG: list}});
    expect((await arrives(connection))?.authorization).toBe('Bearer first');
  });

  test('without any of these, that of the home folder', async () => {
    await mkdir(join(folder, '.kube'));
    await put('.kube/config', api.kubeconfig);
    expect((await open({env: {HOME: folder}})).context).toBe('fake');
  });

  test('in a pod, its own account', async () => {
    await put('token', 'of-the-pod');
    await put('namespace', 'drills\n');
    await writeFile(join(folder, 'ca.crt'), await readFile(join(tls, 'server.crt')));
    const env = {HOME: folder, KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: '1'};
    const connection = await open({env, serviceAccountFolder: folder});
    expect(connection).toMatchObject({context: 'in-cluster', namespace: 'drills'});
    expect(connection.reader.server).toBe('https://127.0.0.1:1');
    const named = {...env, POD_NAMESPACE: 'of-the-pod'};
    expect((await open({env: named, serviceAccountFolder: folder})).namespace).toBe('of-the-pod');
    const {KUBERNETES_SERVICE_PORT: _, ...portless} = env;
    expect(await failure(open({env: portless, serviceAccountFolder: folder}))).toMatchObject({
      code: 'E_KUBECONFIG_MISSING',
    });
  });
});

describe('a kubeconfig that cannot be used', () => {
  const cases: [string, string | undefined, string, Partial<ConnectOptions>?][] = [
    ['missing', undefined, 'does not exist'],
    ['broken YAML', 'a: [\nb: }', 'is no valid YAML (line 2)'],
    ['no mapping', 'just text', 'holds no mapping'],
    ['a list that is none', 'clusters: {a: b}', 'clusters is no list'],
    ['another kind', 'kind: Pod', 'its kind is not Config'],
    ['a nameless entry', 'users: [{user: {token: hidden}}]', 'users[0] has no name'],
    ['no context', 'apiVersion: v1', 'no context is chosen'],
    [
      'unknown context',
      kubeconfigFor('http://localhost'),
      'there is no context "fakr". It has: fake, other.',
      {context: 'fakr'},
    ],
    [
      'unknown cluster',
      'current-context: x\ncontexts: [{name: x, context: {cluster: gone}}]',
      'names the cluster "gone"',
    ],
    ['a server that is no URL', kubeconfigFor('ftp://localhost:6443'), 'is no http or https URL'],
    ['nothing in the list of files', undefined, 'names none', {kubeconfig: delimiter}],
    ['an entry of a wrong kind', 'users: [{name: u, user: {token: [hidden]}}]', 'users[0].user.token is no text'],
    ['an entry that is there twice', 'users: [{name: u}, {name: u}]', 'users has "u" twice'],
  ];

  test.each(cases)('%s', async (_name, content, message, options = {}) => {
    const kubeconfig = content === undefined ? join(folder, 'none') : await put('config', content);
    const error = await failure(open({kubeconfig, ...options}));
    expect(error.message).toContain(message);
    expect(error).toMatchObject({exitCode: 2, hint: expect.any(String)});
    expect(JSON.stringify([error, error.message])).not.toContain('hidden');
  });

  test('the context that was meant is offered', async () => {
    const error = await failure(open({kubeconfigText: api.kubeconfig, context: 'fakr'}));
    expect(error.hint).toBe('Did you mean fake?');
  });

  test('a file that may not be read says so', async () => {
    // Reading a folder fails for everybody, root included.
    const error = await failure(open({kubeconfig: folder}));
    expect(error).toMatchObject({exitCode: 2, message: expect.stringContaining('cannot be read: EISDIR')});
  });
});

describe('credentials', () => {
  const insecure = ', insecure-skip-tls-verify: true';
  const withUser = (user: string) => open({kubeconfigText: kubeconfigFor(api.secure.url, user, insecure)});

  test('a token file is read again when its token was not accepted', async () => {
    const tokenFile = await put('rotating', 'first\n');
    const connection = await withUser(`{tokenFile: ${tokenFile}}`);
    expect((await arrives(connection))?.authorization).toBe('Bearer first');
    await put('rotating', 'second\n');
    api.on('GET', '/api/v1', {status: 401, body: {kind: 'Status', apiVersion: 'v1', message: 'Unauthorized'}});
    await failure(connection.reader.resource('v1', 'Pod'));
    expect((await arrives(connection))?.authorization).toBe('Bearer second');
  });

  const plugin = (script: string) =>
    `{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: /bin/sh, args: [-c, ${JSON.stringify(script)}]}}`;

  test('a plugin that gives a token is asked once', async () => {
    const connection = await withUser(plugin(`echo x >> ${folder}/asked; ${answering('from-plugin')}`));
    await arrives(connection);
    expect((await arrives(connection))?.authorization).toBe('Bearer from-plugin');
    expect(await readFile(join(folder, 'asked'), 'utf8')).toBe('x\n');
  });

  test('a plugin is asked again after a 401', async () => {
    const script = `n=$(cat ${folder}/n 2>/dev/null || echo 0); echo $((n + 1)) > ${folder}/n`;
    const connection = await withUser(plugin(`${script}; ${answering('t$n')}`));
    const pods = {apiVersion: 'v1', kind: 'Pod', namespace: 'n', name: 'p'};
    api.on('GET', '/api/v1', {status: 401, body: {kind: 'Status', apiVersion: 'v1', message: 'Unauthorized'}});
    await failure(connection.reader.get(pods));
    await failure(connection.reader.get(pods));
    expect(api.received.map(({headers}) => headers.authorization)).toEqual(['Bearer t0', 'Bearer t1']);
  });

  test('a plugin is asked again once, however many calls were refused', async () => {
    const script = `n=$(cat ${folder}/n 2>/dev/null || echo 0); echo $((n + 1)) > ${folder}/n`;
    const connection = await withUser(plugin(`${script}; ${answering('t$n')}`));
    const pod = {apiVersion: 'v1', kind: 'Pod', namespace: 'n', name: 'p'};
    await connection.reader.resource('v1', 'Pod');
    const held: (() => void)[] = [];
    api.on('GET', '/api/v1/namespaces/n/pods/p', (_request, response) => {
      const body = {kind: 'Status', apiVersion: 'v1', reason: 'Unauthorized', message: 'Unauthorized', code: 401};
      const refuse = () => response.writeHead(401).end(JSON.stringify(body));
      // All are under way before the first is answered.
      if (held.push(refuse) === 3) for (const one of held) one();
    });
    await Promise.all([1, 2, 3].map(() => failure(connection.reader.get(pod))));
    expect((await arrives(connection))?.authorization).toBe('Bearer t1');
    expect(await readFile(join(folder, 'n'), 'utf8')).toBe('2\n');
  });

  test('a plugin that fails is quoted, and the exit code is that of a bad kubeconfig', async () => {
    const connection = await withUser(plugin('echo please log in >&2; exit 1'));
    const error = await failure(connection.reader.raw('/readyz'));
    expect(error).toMatchObject({
      exitCode: 2,
      reason: 'unauthorized',
      message: expect.stringContaining('please log in'),
    });
    expect(api.received).toHaveLength(0);
  });

  test('a plugin that hangs ends with the call', async () => {
    const connection = await withUser(plugin('exec sleep 5'));
    const error = await failure(connection.reader.raw('/readyz', {timeout: 200}));
    expect(error.message).toMatch(/no complete answer within \d+ms$/);
  });

  test('a token that is past its end explains a 401', async () => {
    const claims = Buffer.from(JSON.stringify({exp: 1_500_000_000})).toString('base64url');
    api.on('GET', '/api/v1', {status: 401, body: {kind: 'Status', apiVersion: 'v1', message: 'Unauthorized'}});
    const connection = await withUser(`{token: x.${claims}.y}`);
    const error = await failure(connection.reader.get({apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'n'}));
    expect(error).toMatchObject({exitCode: 2, hint: expect.stringContaining('the token expired on 2017-07-14')});
    expect(error.explain()).not.toContain(claims);
  });
});

describe('TLS', () => {
  const start = async (answer = 200) => {
    const server = createServer(
      {key: await readFile(join(tls, 'server.key')), cert: await readFile(join(tls, 'server.crt'))},
      (_request, response) =>
        response.writeHead(answer).end('{"kind": "Status", "apiVersion": "v1", "message": "answer"}'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
    return {url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, stop};
  };
  const config = (url: string, cluster: string, user = '{}') =>
    kubeconfigFor(url, user).replace(`server: "${url}"`, `server: "${url}", ${cluster}`);

  test('an authority that is not trusted is a TLS problem, and is not asked again', async () => {
    const {url, stop} = await start();
    const error = await failure((await open({kubeconfigText: kubeconfigFor(url)})).reader.raw('/readyz'));
    await stop();
    expect(error).toMatchObject({reason: 'tls', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT', exitCode: 3});
  });

  test('the authority of the kubeconfig is trusted, or nothing is checked when it says so', async () => {
    const {url, stop} = await start();
    const authority = `certificate-authority: ${join(tls, 'server.crt')}`;
    for (const cluster of [authority, 'insecure-skip-tls-verify: true']) {
      const connection = await open({kubeconfigText: config(url, cluster)});
      expect((await connection.reader.raw('/readyz')).status).toBe(200);
      expect((await connection.reader.raw('/readyz', {fresh: true})).status).toBe(200);
    }
    await stop();
  });

  test('a client certificate that is past its end explains a 401', async () => {
    const {url, stop} = await start(401);
    const user = `{client-certificate: ${join(tls, 'expired.crt')}, client-key: ${join(tls, 'expired.key')}}`;
    const connection = await open({kubeconfigText: config(url, 'insecure-skip-tls-verify: true', user)});
    const error = await failure(connection.reader.raw('/version').then(() => connection.reader.resource('v1', 'Pod')));
    await stop();
    expect(error).toMatchObject({reason: 'unauthorized', hint: expect.stringContaining('expired on 2020-01-02')});
  });

  test('https to a server that speaks http is a TLS problem', async () => {
    const connection = await open({kubeconfigText: kubeconfigFor(api.url.replace('http:', 'https:'))});
    expect(await failure(connection.reader.raw('/readyz'))).toMatchObject({reason: 'tls'});
  });
});

describe('other ways not to answer', () => {
  test('a host name that does not resolve', async () => {
    const connection = await open({kubeconfigText: kubeconfigFor('http://no-such-host.invalid:6443')});
    const error = await failure(connection.reader.raw('/readyz', {timeout: 5000, fresh: true}));
    expect(error.message).toMatch(/does not resolve|resolver does not answer/);
  });

  test('something that is no HTTP', async () => {
    const {createServer: createTcp} = await import('node:net');
    const server = createTcp((socket) => socket.resume().end('SSH-2.0-whatever\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await failure((await open({kubeconfigText: kubeconfigFor(url)})).reader.raw('/readyz'));
    await new Promise((resolve) => server.close(resolve));
    expect(error).toMatchObject({reason: 'badAnswer', message: expect.stringContaining('no HTTP')});
  });
});

describe('what must not be shown', () => {
  const key = 'key-Lw4dN6yu';
  const user = (body: object) =>
    api.secure.kubeconfig.replace('user: {token: sesame}', `user: ${JSON.stringify(body)}`);
  const told = async (connection: Connection) => {
    const secrets = new Set<string>();
    await connection.onSecret((secret) => secrets.add(secret));
    return secrets;
  };
  const plugin = (script: string) => ({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never',
      command: '/bin/sh',
      args: ['-c', script],
      env: [{name: 'VAULT', value: 'env-Zp2kD5rt'}],
    },
  });

  test('is told to whoever asks, before a call is made', async () => {
    const body = {
      ...{username: 'a', password: 'pass-Gt1hV8wn'},
      'client-key-data': Buffer.from(key).toString('base64'),
      'auth-provider': {
        name: 'oidc',
        config: {'idp-issuer-url': 'https://login.invalid', 'client-id': 'drill', 'refresh-token': 'refresh-Mf9qE7ua'},
      },
    };
    const secrets = await told(await open({kubeconfigText: user(body)}));
    for (const secret of await told(await open({kubeconfigText: user({token: 'token-Xb6jC3ms'})}))) secrets.add(secret);
    expect([...secrets]).toEqual(
      expect.arrayContaining(['pass-Gt1hV8wn', 'token-Xb6jC3ms', key, body['client-key-data'], 'refresh-Mf9qE7ua']),
    );
    expect([...secrets]).not.toContain('a');
    const proxied = api.secure.kubeconfig.replace(
      'insecure',
      'proxy-url: "http://me:p%2Fxy-Zq8w@127.0.0.1:1", insecure',
    );
    const pair = Buffer.from('me:p/xy-Zq8w').toString('base64');
    expect([...(await told(await open({kubeconfigText: proxied})))]).toEqual(
      expect.arrayContaining(['p%2Fxy-Zq8w', 'p/xy-Zq8w', pair]),
    );
    expect(api.received).toEqual([]);
  });

  test('also what a file or a plugin hands out later', async () => {
    const tokenFile = await put('rotated', 'file-Cs8nQ4ek\n');
    expect(await told(await open({kubeconfigText: user({tokenFile})}))).toContain('file-Cs8nQ4ek');
    const secrets = await told(await open({kubeconfigText: user(plugin(answering('given-Vd3xP9hj')))}));
    expect([...secrets]).toEqual(expect.arrayContaining(['given-Vd3xP9hj', 'env-Zp2kD5rt']));
  });

  test('is not in what a plugin says when it fails, nor in its cause', async () => {
    const connection = await open({kubeconfigText: user(plugin('echo "$VAULT was not accepted" >&2; exit 1'))});
    const error = await failure(arrives(connection));
    expect(error.message).toContain('[redacted] was not accepted');
    expect(JSON.stringify(error.toJSON()) + (error.cause as Error).stack).not.toContain('env-Zp2kD5rt');
  });

  test('stands in arguments of a plugin as well, after flags that say so', async () => {
    const args = [
      'get-token',
      '--region=eu-west-1',
      '--oidc-client-secret=cs-Rt5vB2xk',
      '--password',
      'pw-Jh4nM8dq',
      '--token',
    ];
    const exec = {apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command: '/bin/false', args};
    expect([...(await told(await open({kubeconfigText: user({exec})})))]).toEqual(['cs-Rt5vB2xk', 'pw-Jh4nM8dq']);
  });

  test('is not in the error for an answer that repeats it', async () => {
    api.on('GET', '/api/v1/namespaces/shop/pods/web', {status: 403, text: 'no entry with Bearer sesame'});
    api.on('GET', '/api/v1/namespaces/shop/pods/other', {status: 200, text: 'it was Bearer sesame'});
    const {reader} = await open({kubeconfigText: api.secure.kubeconfig});
    for (const name of ['web', 'other']) {
      const error = await failure(reader.get({apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name}));
      expect(error.message).toContain('[redacted]');
      expect(JSON.stringify(error.toJSON())).not.toContain('sesame');
    }
  });
});
