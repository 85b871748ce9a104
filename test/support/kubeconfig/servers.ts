import {readFile} from 'node:fs/promises';
import {createServer as createHttp, request as httpRequest, type IncomingMessage, type Server} from 'node:http';
import {createServer as createHttps} from 'node:https';
import {type AddressInfo, connect as connectTcp, createServer as createTcp, type Server as TcpServer} from 'node:net';
import {join} from 'node:path';
import type {TLSSocket} from 'node:tls';

const tls = join(import.meta.dirname, '../../fixtures/tls');

/** What a server was sent, as far as a kubeconfig decides it. Members that would be empty are absent. */
export interface Sent {
  path: string;
  authorization?: string;
  /** Impersonate-…, each as `name: value`, sorted. */
  impersonate?: string[];
  /** The common name of the client certificate. */
  certificate?: string;
  /** The server name that was asked for in TLS. */
  sni?: string;
  /** Which proxy it came through, with what was shown to it. */
  proxy?: string;
  plain?: true;
}

/** An API server as `https`, `issued` (by a certificate of an issuer that is no root) and `http`, and proxies to them. */
export interface Servers extends AsyncDisposable {
  https: string;
  issued: string;
  http: string;
  /** Each leads every name to this machine. */
  proxies: {http: string; https: string; socks5: string};
  /** What has arrived since the last call. */
  take(): Sent[];
}

/** Starts all of them on loopback. */
export async function startServers(): Promise<Servers> {
  let sent: Sent[] = [];
  let through: string | undefined;
  const pair = async (name: string) => ({
    key: await readFile(join(tls, `${name}.key`)),
    cert: await readFile(join(tls, `${name}.crt`)),
  });
  const answer = (request: IncomingMessage, response: {end(text: string): void}) => {
    sent.push({...seen(request), ...(through === undefined ? {} : {proxy: through})});
    through = undefined;
    response.end('ok');
  };
  const asking = {requestCert: true, rejectUnauthorized: false};
  const secure = createHttps({...(await pair('server')), ...asking}, answer);
  const issued = createHttps({...(await pair('issued')), ...asking}, answer);
  const plain = createHttp(answer);
  const note = (kind: string, {headers}: IncomingMessage) => {
    const shown = headers['proxy-authorization'];
    through = shown === undefined ? kind : `${kind} as ${shown}`;
  };
  const httpProxy = proxying(createHttp(), (request) => note('http', request));
  const httpsProxy = proxying(createHttps(await pair('server')), (request) => note('https', request));
  const socks = socksProxy((name) => {
    through = `socks5 to ${name}`;
  });
  const all: (Server | TcpServer)[] = [secure, issued, plain, httpProxy, httpsProxy, socks];
  for (const server of all) await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const at = (server: Server | TcpServer) => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    https: `https://${at(secure)}`,
    issued: `https://${at(issued)}`,
    http: `http://${at(plain)}`,
    proxies: {http: `http://${at(httpProxy)}`, https: `https://${at(httpsProxy)}`, socks5: `socks5://${at(socks)}`},
    take: () => sent.splice(0),
    [Symbol.asyncDispose]: async () => {
      sent = [];
      for (const server of all) {
        const closed = new Promise((done) => server.close(done));
        if ('closeAllConnections' in server) server.closeAllConnections();
        await closed;
      }
    },
  };
}

function seen(request: IncomingMessage): Sent {
  const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8');
  const impersonate = request.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && /^impersonate-/i.test(name)
      ? [`${name.toLowerCase()}: ${utf8(request.rawHeaders[index + 1] ?? '')}`]
      : [],
  );
  const {encrypted, servername} = request.socket as TLSSocket & {servername?: string | false};
  const certificate = encrypted ? (request.socket as TLSSocket).getPeerCertificate().subject?.CN : undefined;
  const {authorization, host} = request.headers;
  const url = new URL(request.url ?? '/', `http://${host}`);
  return {
    path: url.pathname + url.search,
    ...(authorization === undefined ? {} : {authorization}),
    ...(impersonate.length === 0 ? {} : {impersonate: impersonate.sort()}),
    ...(certificate === undefined ? {} : {certificate: String(certificate)}),
    ...(servername ? {sni: servername} : {}),
    ...(encrypted ? {} : {plain: true}),
  };
}

/** An HTTP proxy: opens tunnels, and asks for plain URLs itself. */
function proxying<T extends Server>(server: T, note: (request: IncomingMessage) => void): T {
  server.on('request', (request, response) => {
    note(request);
    const {port, pathname, search} = new URL(request.url ?? '');
    const {'proxy-authorization': _, ...headers} = request.headers;
    const call = httpRequest({host: '127.0.0.1', port, path: pathname + search, headers}, (given) => {
      response.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(response);
    });
    request.pipe(call);
  });
  server.on('connect', (request, client) => {
    note(request);
    const tunnel = connectTcp(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.pipe(client);
      client.pipe(tunnel);
    });
    for (const one of [tunnel, client]) one.on('error', () => tunnel.destroy());
    client.on('close', () => tunnel.destroy());
  });
  return server;
}

/** A SOCKS5 proxy (RFC 1928) without authentication, that is to be given names. */
function socksProxy(note: (name: string) => void): TcpServer {
  return createTcp((client) => {
    client.on('error', () => client.destroy());
    client.once('data', () => {
      client.write(Buffer.from([5, 0]));
      client.once('data', (asked: Buffer) => {
        const isName = asked[3] === 3;
        const length = isName ? (asked[4] ?? 0) : 4;
        const start = isName ? 5 : 4;
        note(
          isName ? asked.subarray(start, start + length).toString() : asked.subarray(start, start + length).join('.'),
        );
        const tunnel = connectTcp(asked.readUInt16BE(start + length), '127.0.0.1', () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          tunnel.pipe(client);
          client.pipe(tunnel);
        });
        tunnel.on('error', () => client.destroy());
        client.on('close', () => tunnel.destroy());
      });
    });
  });
}
