import {once} from 'node:events';
import {createServer} from 'node:http';
import {request} from 'node:https';
import type {AddressInfo} from 'node:net';

/** A front on loopback that hands every call to a real API server, in the name of one bearer token. */
export interface CountingFront extends AsyncDisposable {
  /** A kubeconfig that leads through it. */
  kubeconfig: string;
  /** Calls that were answered with 403, as `GET /api/v1/nodes`. */
  forbidden: string[];
  /** How many calls came through. */
  calls(): number;
}

/** Starts one. `ca` is the server's certificate authority in PEM. */
export async function countingFront({
  server,
  ca,
  token,
}: {
  server: string;
  ca: string;
  token: string;
}): Promise<CountingFront> {
  const forbidden: string[] = [];
  let calls = 0;
  const front = createServer((asked, answer) => {
    calls += 1;
    const url = new URL(asked.url ?? '/', server);
    const headers = {...asked.headers, host: url.host, authorization: `Bearer ${token}`};
    const call = request(url, {method: asked.method, headers, ca}, (came) => {
      if (came.statusCode === 403) forbidden.push(`${asked.method} ${url.pathname}`);
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
      came.once('error', () => answer.destroy());
    });
    call.once('error', () => answer.destroy());
    answer.once('close', () => call.destroy());
    asked.pipe(call);
  });
  front.requestTimeout = 0;
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  const {port} = front.address() as AddressInfo;
  const kubeconfig = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'front',
    clusters: [{name: 'front', cluster: {server: `http://127.0.0.1:${port}`}}],
    users: [{name: 'account', user: {}}],
    contexts: [{name: 'front', context: {cluster: 'front', user: 'account'}}],
  });
  return {
    kubeconfig,
    forbidden,
    calls: () => calls,
    [Symbol.asyncDispose]: async () => {
      front.closeAllConnections();
      front.close();
      await once(front, 'close');
    },
  };
}
