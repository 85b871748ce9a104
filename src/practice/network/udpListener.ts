import {createSocket, type RemoteInfo, type Socket} from 'node:dgram';
import {once} from 'node:events';
import type {Listener, ListenerOptions} from './listener.ts';

/** How long a flow is remembered after its last packet, as conntrack's timeout for UDP (nf_conntrack_udp_timeout). */
const flowTimeout = 30_000;

interface Flow {
  upstream: Socket;
  lastUsed: number;
}

/** Opens a loopback socket that sends each client's packets to one pod of the Service, and the answers back. */
export async function openUdp(options: ListenerOptions): Promise<Listener> {
  const socket = await bind(options.port);
  const flows = new Map<string, Promise<Flow | undefined>>();
  socket.on('message', (packet, client) => {
    options.scope.run('udp flow', async () => {
      const flow = await flowOf({socket, client, flows, options});
      // Without an endpoint the packet is lost.
      flow?.upstream.send(packet);
    });
  });
  return {
    port: socket.address().port,
    close: async () => {
      for (const opening of flows.values()) closeQuietly((await opening)?.upstream);
      closeQuietly(socket);
    },
  };
}

async function bind(port: number): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  try {
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && port !== 0) return bind(0);
    throw error;
  }
}

interface FlowRequest {
  socket: Socket;
  client: RemoteInfo;
  flows: Map<string, Promise<Flow | undefined>>;
  options: ListenerOptions;
}

async function flowOf({socket, client, flows, options}: FlowRequest): Promise<Flow | undefined> {
  const key = `${client.address}:${client.port}`;
  const now = options.scope.clock.mono();
  for (const [other, opening] of flows) {
    const flow = await opening;
    if (flow && now - flow.lastUsed <= flowTimeout) continue;
    flows.delete(other);
    closeQuietly(flow?.upstream);
  }
  const opening = flows.get(key) ?? openFlow({socket, client, flows, options});
  flows.set(key, opening);
  const flow = await opening;
  if (flow) flow.lastUsed = now;
  return flow;
}

async function openFlow({socket, client, flows, options}: FlowRequest): Promise<Flow | undefined> {
  const {ip, port} = options.route();
  const actual = await options.network.dial({host: ip, port}, 'udp').catch(() => undefined);
  if (!actual) return undefined;
  const upstream = createSocket('udp4');
  const drop = () => {
    flows.delete(`${client.address}:${client.port}`);
    closeQuietly(upstream);
  };
  // The pod's socket is gone (ICMP port unreachable): the next packet opens a new flow.
  upstream.on('error', drop);
  upstream.on('message', (answer) => socket.send(answer, client.port, client.address, () => {}));
  upstream.connect(actual.port, actual.host);
  await once(upstream, 'connect');
  return {upstream, lastUsed: options.scope.clock.mono()};
}

function closeQuietly(socket: Socket | undefined): void {
  if (!socket) return;
  socket.removeAllListeners('message');
  socket.on('error', () => {});
  try {
    socket.close();
  } catch {
    // It was closed before.
  }
}
