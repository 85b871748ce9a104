import {once} from 'node:events';
import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Machines} from './machines.ts';
import type {Scope} from './scope.ts';

/** Annotation on Nodes: the URL at which another process reaches the machine under the node. */
export const machineAnnotation = 'practice.kubedrill.dev/machine';

type Answer = [status: number, body: object];

/**
 * Serves the machines on 127.0.0.1, for programs that play against a practice cluster of another process:
 * `GET <url>` tells the state of a node's machine, `POST <url>/kubelet/stop` and `POST <url>/kubelet/start` switch its
 * kubelet; done before is as good as done. Returns the URL of a node's machine. It ends with the cluster.
 */
export async function startMachineServer(machines: Machines, scope: Scope): Promise<(node: string) => string> {
  const server = createServer((message, response) => {
    const [status, body] = answer(machines, message);
    message.resume();
    response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.onClose(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  const {port} = server.address() as AddressInfo;
  return (node) => `http://127.0.0.1:${port}/${node}`;
}

function answer(machines: Machines, {method, url = '/'}: IncomingMessage): Answer {
  const [, node = '', ...rest] = url.replace(/[?#].*$/, '').split('/');
  if (!machines.stateOf(node)) return [404, {error: `the practice cluster has no node ${node}`}];
  const what = rest.join('/');
  if (!['', 'kubelet/stop', 'kubelet/start'].includes(what)) {
    return [404, {error: `a machine has no ${what}; it has kubelet/stop and kubelet/start`}];
  }
  if (method !== (what === '' ? 'GET' : 'POST')) return [405, {error: `${method} is not allowed here`}];
  if (what === 'kubelet/stop') machines.stopKubelet(node);
  if (what === 'kubelet/start') machines.startKubelet(node);
  return [200, {...machines.stateOf(node)}];
}
