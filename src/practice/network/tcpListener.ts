import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import type {Listener, ListenerOptions} from './listener.ts';

/** Opens a loopback listener that connects each client to one pod of the Service. */
export async function openTcp(options: ListenerOptions): Promise<Listener> {
  const server = await listen(options);
  const {port} = server.address() as AddressInfo;
  return {port, close: () => closed(server)};
}

async function listen(options: ListenerOptions): Promise<Server> {
  const server = createServer((client) => forward(client, options));
  server.listen(options.port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE' && options.port !== 0;
    if (taken) return listen({...options, port: 0});
    throw error;
  }
}

/** Stops listening; connections that are open go on, as under kube-proxy. */
function closed(server: Server): Promise<void> {
  server.close();
  return Promise.resolve();
}

function forward(client: Socket, {network, route, scope}: ListenerOptions): void {
  const {ip, port} = route();
  client.on('error', () => client.destroy());
  network.dial({host: ip, port}, 'tcp').then(
    (actual) => {
      const upstream = connect(actual.port, actual.host);
      const end = () => {
        client.destroy();
        upstream.destroy();
      };
      // A refused or broken way to the pod reaches the client as a reset.
      upstream.on('error', () => client.resetAndDestroy());
      scope.signal.addEventListener('abort', end, {once: true});
      upstream.once('close', () => scope.signal.removeEventListener('abort', end));
      client.pipe(upstream).pipe(client);
      client.once('close', () => upstream.destroy());
    },
    () => client.resetAndDestroy(),
  );
}
