import {request} from 'node:http';
import {connect} from 'node:net';
import type {Network} from '../network/network.ts';
import type {Container, Probe} from '../workloads.ts';

/** One attempt of a readiness or liveness probe against a pod. Returns undefined when it passed, else why it did not. */
export async function attemptProbe(
  network: Network,
  podIP: string,
  container: Container,
  probe: Probe,
): Promise<string | undefined> {
  const handler = probe.httpGet ?? probe.tcpSocket;
  if (!handler) return undefined;
  const named = container.ports?.find((each) => each.name === handler.port)?.containerPort;
  const port = typeof handler.port === 'number' ? handler.port : (named ?? Number(handler.port));
  const actual = network.socketOf(podIP, port, 'tcp');
  const refused = `dial tcp ${podIP}:${port}: connect: connection refused`;
  const timeout = (probe.timeoutSeconds ?? 1) * 1000;
  if (!probe.httpGet) return actual && (await connects(actual, timeout)) ? undefined : refused;
  const path = probe.httpGet.path ?? '/';
  if (!actual) return `Get "http://${podIP}:${port}${path}": ${refused}`;
  const headers = Object.fromEntries((probe.httpGet.httpHeaders ?? []).map(({name, value}) => [name, value]));
  const status = await httpStatus({...actual, path, headers}, timeout);
  if (typeof status === 'string') return `Get "http://${podIP}:${port}${path}": ${status}`;
  return status >= 200 && status < 400 ? undefined : `HTTP probe failed with statuscode: ${status}`;
}

function connects(to: {host: string; port: number}, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({...to, timeout});
    const end = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
}

interface Target {
  host: string;
  port: number;
  path: string;
  headers: Record<string, string>;
}

/** The status code, or why there was none. */
function httpStatus(target: Target, timeout: number): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = {'user-agent': 'kube-probe/1.34', ...target.headers, connection: 'close'};
    const call = request({...target, headers, agent: false, timeout}, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.once('timeout', () => {
      resolve('context deadline exceeded (Client.Timeout exceeded while awaiting headers)');
      call.destroy();
    });
    call.once('error', (error) => resolve(error.message));
    call.end();
  });
}
