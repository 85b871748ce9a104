import {request as httpRequest, type ServerResponse} from 'node:http';
import type {ApiCore} from '../core.ts';
import {pods} from '../kinds.ts';
import type {Network} from '../network/network.ts';
import {methodNotAllowed, StatusError} from '../status.ts';
import type {ApiRequest, Target} from './request.ts';

/** The `proxy` subresource: a GET that is passed on to a pod's port (`pods/<name>:<port>/proxy/<path>`). */
export async function servePodProxy(
  core: ApiCore,
  network: Network,
  {request, target, response}: {request: ApiRequest; target: Target; response: ServerResponse},
): Promise<void> {
  if (request.method !== 'GET') throw methodNotAllowed();
  const [name = '', port] = (target.name ?? '').replace(/^https?:/, '').split(':');
  const pod = core.registry.read(pods, target.namespace, name);
  const first = pod.spec.containers.flatMap((container) => container.ports ?? [])[0]?.containerPort ?? 80;
  const number = port ? Number(port) : first;
  const actual = network.socketOf(pod.status.podIP ?? '', number, 'tcp');
  const refused = `error trying to reach service: dial tcp ${pod.status.podIP}:${number}: connect: connection refused`;
  if (!actual) throw new StatusError(503, 'ServiceUnavailable', refused);
  const path = `/${target.rest}${request.url.search}`;
  await new Promise<void>((resolve, reject) => {
    const upstream = httpRequest({...actual, path, agent: false, headers: {connection: 'close'}}, (answer) => {
      response.writeHead(answer.statusCode ?? 502, {'content-type': answer.headers['content-type'] ?? 'text/plain'});
      answer.pipe(response);
      answer.once('end', resolve).once('error', reject);
    });
    upstream.once('error', () => reject(new StatusError(503, 'ServiceUnavailable', refused)));
    response.once('close', () => upstream.destroy());
    upstream.end();
  });
}
