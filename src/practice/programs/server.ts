import {createSocket, type Socket as UdpSocket} from 'node:dgram';
import {once} from 'node:events';
import {createServer as createHttpServer, type RequestListener} from 'node:http';
import {type AddressInfo, createServer as createTcpServer, type Server, type Socket} from 'node:net';
import type {ContainerContext} from '../program.ts';

/** A server that a program runs; closing it breaks its connections. */
export interface Closable {
  close(): Promise<void>;
}

/** Serves HTTP on a pod port. */
export async function serveHttp(ctx: ContainerContext, port: number, handler: RequestListener): Promise<Closable> {
  const server = createHttpServer(handler);
  server.keepAliveTimeout = 5000;
  return await listen(ctx, port, server);
}

/** Serves TCP connections on a pod port. */
export async function serveTcp(
  ctx: ContainerContext,
  port: number,
  handler: (socket: Socket) => void,
): Promise<Closable> {
  return await listen(ctx, port, createTcpServer(handler));
}

async function listen(ctx: ContainerContext, port: number, server: Server): Promise<Closable> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const withdraw = ctx.publish(port, 'tcp', {host: '127.0.0.1', port: (server.address() as AddressInfo).port});
  return {
    close: async () => {
      withdraw();
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Serves UDP packets on a pod port; the answer of the handler goes back to the sender. */
export async function serveUdp(
  ctx: ContainerContext,
  port: number,
  handler: (packet: Buffer) => Buffer | undefined,
): Promise<Closable> {
  const socket: UdpSocket = createSocket('udp4');
  socket.on('message', (packet, client) => {
    const answer = handler(packet);
    // The client may be gone: that is its own affair.
    if (answer) socket.send(answer, client.port, client.address, () => {});
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const withdraw = ctx.publish(port, 'udp', {host: '127.0.0.1', port: socket.address().port});
  return {
    close: async () => {
      withdraw();
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

/** Resolves when a signal aborts; at once when it has. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), {once: true});
  });
}
