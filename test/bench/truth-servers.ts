import dgram from 'node:dgram';
import http from 'node:http';
import net, {type AddressInfo, type Socket} from 'node:net';
import packet from 'dns-packet';
import type {ProbeRecord} from '../../src/journal/plan.ts';
import {addresses, refusal} from '../support/dns-server.ts';

/** A way of being down. */
export type Failure = 'refuse' | 'hang' | 'reset' | 'error' | 'slow' | 'half-open' | 'SERVFAIL' | 'NXDOMAIN' | 'drop';

/** A real server that can be down in one way. */
export interface Target {
  name: string;
  probe: Pick<ProbeRecord, 'uses' | 'with'>;
  /** Resolves when it is so. */
  set(down: boolean): Promise<void>;
  stop(): void;
}

/** Milliseconds: longer than any sample of the bench waits. */
const slowness = 1500;

/** Every protocol with every way of being down that its probe can see. */
export const targets: readonly (() => Promise<Target>)[] = [
  ...(['refuse', 'hang', 'reset', 'error', 'slow', 'half-open'] as const).map((failure) => () => httpTarget(failure)),
  () => tcpTarget(),
  ...(['SERVFAIL', 'NXDOMAIN', 'drop'] as const).map((failure) => () => udpTarget(failure)),
  ...(['refuse', 'hang', 'reset', 'half-open'] as const).map((failure) => () => dnsTcpTarget(failure)),
];

async function httpTarget(failure: Failure): Promise<Target> {
  let down = false;
  const sockets = new Set<Socket>();
  const server = http.createServer((request, response) => {
    if (!down) response.end('ok');
    else if (failure === 'error') response.writeHead(500).end();
    else if (failure === 'reset') request.socket.resetAndDestroy();
    else if (failure === 'slow') setTimeout(() => response.end('ok'), slowness).unref();
    else if (failure === 'half-open') response.writeHead(200, {'content-length': 100}).write('half of it');
    // hang: never answered.
  });
  const port = await listening(server);
  const probe = {uses: 'http', with: {url: `http://127.0.0.1:${port}/`}};
  return {...listener(`http ${failure}`, {server, sockets, port, failure}, (value) => (down = value)), probe};
}

async function tcpTarget(): Promise<Target> {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => socket.on('error', () => undefined).end());
  const port = await listening(server);
  const probe = {uses: 'tcp', with: {address: `127.0.0.1:${port}`}};
  return {...listener('tcp refuse', {server, sockets, port, failure: 'refuse'}, () => undefined), probe};
}

async function udpTarget(failure: Failure): Promise<Target> {
  let down = false;
  const socket = dgram.createSocket('udp4');
  socket.on('message', (bytes, peer) => {
    const query = packet.decode(bytes);
    if (down && failure === 'drop') return;
    const answer = down ? refusal(query, failure === 'SERVFAIL' ? 2 : 3) : addresses(query, '127.0.0.1');
    socket.send(packet.encode(answer), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const server = `127.0.0.1:${socket.address().port}`;
  return {
    name: `dns over udp, ${failure}`,
    probe: {uses: 'dns', with: {name: 'web.example.', server}},
    set: async (value) => {
      down = value;
    },
    stop: () => socket.close(),
  };
}

async function dnsTcpTarget(failure: Failure): Promise<Target> {
  let down = false;
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      if (down && failure === 'reset') return void socket.resetAndDestroy();
      if (down && failure === 'hang') return;
      const answer = packet.encode(addresses(packet.decode(bytes.subarray(2)), '127.0.0.1'));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      const whole = Buffer.concat([length, answer]);
      socket.write(down && failure === 'half-open' ? whole.subarray(0, 7) : whole);
    });
  });
  const port = await listening(server);
  const probe = {uses: 'dns', with: {name: 'web.example.', server: `127.0.0.1:${port}`, protocol: 'tcp'}};
  return {
    ...listener(`dns over tcp, ${failure}`, {server, sockets, port, failure}, (value) => (down = value)),
    probe,
  };
}

interface Listener {
  server: net.Server;
  sockets: Set<Socket>;
  port: number;
  failure: Failure;
}

/** The part that all servers with connections share. `refuse` is a port that nobody listens on. */
function listener(
  name: string,
  {server, sockets, port, failure}: Listener,
  answer: (down: boolean) => void,
): Pick<Target, 'name' | 'set' | 'stop'> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    name,
    set: async (down) => {
      answer(down);
      if (failure !== 'refuse') return;
      if (down) server.close();
      else await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    },
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Below the ports that the system gives to outgoing connections: one of those could take the port of a closed server. */
const ports = {from: 20_000, to: 30_000};

async function listening(server: net.Server): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = ports.from + Math.floor(Math.random() * (ports.to - ports.from));
    const taken = await new Promise<boolean>((resolve) => {
      const busy = () => resolve(true);
      server.once('error', busy);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', busy);
        resolve(false);
      });
    });
    if (!taken) return (server.address() as AddressInfo).port;
  }
  throw new Error('no free port between 20000 and 30000');
}
