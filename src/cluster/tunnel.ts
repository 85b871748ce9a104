import http from 'node:http';
import https from 'node:https';
import type {Socket} from 'node:net';
import type {ConnectionOptions} from 'node:tls';

/** The way to a server through a proxy. */
export interface Way {
  /** Opens the connections; `fresh` ones are closed after their call. */
  agent(fresh: boolean): http.Agent | false;
  /** For a proxy that is asked for the whole URL itself: where it is, and what shows it who we are. */
  via?: {url: URL; headers: http.OutgoingHttpHeaders};
  close(): void;
}

const settings = {maxSockets: 16, scheduling: 'lifo'} as const;

/** The way to a server without a proxy, or through an http, https or socks5 proxy, as Go's net/http goes it. */
export function wayTo(server: string, proxy: string | undefined): Way {
  const secure = server.toLowerCase().startsWith('https:');
  const through = proxy === undefined ? undefined : new URL(proxy);
  const isAsked = through !== undefined && !secure && !through.protocol.startsWith('socks5');
  const make = (keepAlive: boolean) => {
    const isTls = isAsked ? through.protocol === 'https:' : secure;
    const agent = isTls ? new https.Agent({...settings, keepAlive}) : new http.Agent({...settings, keepAlive});
    return through === undefined || isAsked ? agent : tunnelling(agent, through, secure);
  };
  const kept = make(true);
  return {
    // A connection of its own needs no agent where there is nothing on the way.
    agent: (fresh) => (!fresh ? kept : through === undefined || isAsked ? false : make(false)),
    ...(isAsked ? {via: {url: through, headers: showing(through)}} : {}),
    close: () => kept.destroy(),
  };
}

/** Makes an agent open its connections through a proxy. */
function tunnelling(agent: http.Agent, proxy: URL, secure: boolean): http.Agent {
  const direct = agent.createConnection.bind(agent);
  const reach = proxy.protocol === 'http:' || proxy.protocol === 'https:' ? throughHttp : throughSocks;
  agent.createConnection = (options, done) => {
    reach(proxy, options as Target).then(
      // The rest is what the agent does anyway, on a connection that there is already: TLS with the server itself.
      (socket) => done?.(null, secure ? (direct({...options, socket} as typeof options) as Socket) : socket),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };
  return agent;
}

type Target = ConnectionOptions & {host: string; port: number | string};

/** Milliseconds for a proxy to open the way. */
const patience = 30_000;

async function throughHttp(proxy: URL, target: Target): Promise<Socket> {
  const place = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  const {ca, cert, key, rejectUnauthorized, allowPartialTrustChain} = target;
  const options = {
    method: 'CONNECT',
    path: place,
    agent: false,
    timeout: patience,
    headers: {host: place, ...showing(proxy)},
  };
  // As Go: what the kubeconfig trusts, a proxy that speaks TLS is checked by as well.
  const trust = {ca, cert, key, rejectUnauthorized, allowPartialTrustChain};
  const call =
    proxy.protocol === 'https:' ? https.request(proxy, {...options, ...given(trust)}) : http.request(proxy, options);
  return await new Promise((resolve, reject) => {
    call.once('connect', ({statusCode, statusMessage}, socket) => {
      if (statusCode === 200) return resolve(socket as Socket);
      socket.destroy();
      reject(notThrough(proxy, `${statusCode} ${statusMessage}`));
    });
    call.once('response', (answer) => {
      answer.destroy();
      reject(notThrough(proxy, `${answer.statusCode} ${answer.statusMessage}`));
    });
    call.once('timeout', () => call.destroy(notThrough(proxy, 'no answer')));
    call.once('error', reject);
    call.end();
  });
}

async function throughSocks(proxy: URL, {host, port}: Target): Promise<Socket> {
  const {SocksClient} = await import('socks');
  const {socket} = await SocksClient.createConnection({
    command: 'connect',
    timeout: patience,
    // The proxy looks the name up, as with Go.
    destination: {host, port: Number(port)},
    proxy: {
      type: 5,
      host: bare(proxy.hostname),
      port: Number(proxy.port || 1080),
      ...(proxy.username === '' ? {} : {userId: decodeURIComponent(proxy.username)}),
      ...(proxy.username === '' ? {} : {password: decodeURIComponent(proxy.password)}),
    },
  }).catch((error: Error) => {
    throw notThrough(proxy, error.message);
  });
  return socket;
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

const given = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;

function showing({username, password}: URL): http.OutgoingHttpHeaders {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}`};
}

/** A proxy that opens no way: nothing has reached the server. */
const notThrough = ({host}: URL, why: string): Error =>
  Object.assign(new Error(`the proxy ${host} does not get through: ${why}`), {code: 'ERR_PROXY'});
