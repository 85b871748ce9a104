import type {ServerResponse} from 'node:http';
import type {ApiCore} from '../core.ts';
import {pods, type Resource} from '../kinds.ts';
import type {Kubelet} from '../kubelet/kubelet.ts';
import type {ContainerLog} from '../kubelet/logs.ts';
import {forbiddenField, wrong} from '../registry/problems.ts';
import {badRequest, invalid} from '../status.ts';
import {type ApiRequest, flagParam, numberParam, type Target} from './request.ts';

/** The `log` subresource: all kept lines, or a tail, or a following stream that ends with the container. */
export async function serveLog(
  core: ApiCore,
  kubelet: Kubelet,
  {request, target, response}: {request: ApiRequest; target: Target; response: ServerResponse},
): Promise<void> {
  const {query} = request;
  checkLogOptions(target.name ?? '', query);
  const tail = numberParam(query, 'tailLines');
  const log = findLog(core, kubelet, target, query);
  if (log === undefined) {
    response.writeHead(204).end();
    return;
  }
  const timestamps = flagParam(query, 'timestamps');
  const since = sinceWhen(core, query);
  let budget = numberParam(query, 'limitBytes') ?? Number.POSITIVE_INFINITY;
  response.writeHead(200, {'content-type': 'text/plain'});
  response.flushHeaders();
  /** Writes the lines from a number on and returns the number of the next. */
  const write = (from: number): number => {
    for (const {at, text} of log.from(from)) {
      if (at < since || budget <= 0) continue;
      const line = Buffer.from(`${timestamps ? `${new Date(at).toISOString()} ` : ''}${text}\n`).subarray(0, budget);
      budget -= line.length;
      response.write(line);
    }
    return log.end;
  };
  let next = write(tail === undefined ? 0 : Math.max(0, log.end - tail));
  if (flagParam(query, 'follow') && !log.ended) {
    await new Promise<void>((resolve) => {
      const stop = log.follow(() => {
        next = write(next);
        if (log.ended || budget <= 0) resolve();
      });
      response.once('close', resolve);
      core.scope.signal.addEventListener('abort', () => resolve(), {once: true});
      response.once('close', stop);
    });
  }
  response.end();
}

/** Throws a 400 or 422 for options that are none. */
function checkLogOptions(name: string, query: URLSearchParams): void {
  const limits = {tailLines: 0, limitBytes: 1, sinceSeconds: 1};
  const problems = Object.entries(limits).flatMap(([field, least]) => {
    const value = numberParam(query, field) ?? least;
    const rule = `must be greater than ${least === 0 ? 'or equal to 0' : 0}`;
    return value < least ? [wrong(field, value, rule)] : [];
  });
  if (query.has('sinceSeconds') && query.has('sinceTime')) {
    problems.push(forbiddenField('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  }
  if (problems.length > 0) throw invalid({...pods, kind: 'PodLogOptions'} as Resource, name, problems);
}

function findLog(
  core: ApiCore,
  kubelet: Kubelet,
  {namespace, name = ''}: Target,
  query: URLSearchParams,
): ContainerLog | undefined {
  const pod = core.registry.read(pods, namespace, name);
  const names = pod.spec.containers.map((each) => each.name);
  const container = query.get('container') || (names.length === 1 ? names[0] : undefined);
  if (!container)
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${name}`);
  // A pod without a node has nobody who could be asked.
  if (!pod.spec.nodeName) return undefined;
  const previous = flagParam(query, 'previous');
  const log = kubelet.logOf(pod, container, previous);
  if (log) return log;
  if (previous) throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  const waiting = pod.status.containerStatuses?.find((each) => each.name === container)?.state.waiting?.reason;
  throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${waiting ?? 'ContainerCreating'}`);
}

function sinceWhen(core: ApiCore, query: URLSearchParams): number {
  const seconds = numberParam(query, 'sinceSeconds');
  if (seconds !== undefined) return core.scope.clock.wall().getTime() - seconds * 1000;
  const time = query.get('sinceTime');
  if (!time) return Number.NEGATIVE_INFINITY;
  const parsed = Date.parse(time);
  if (Number.isNaN(parsed)) throw badRequest(`parsing time "${time}": it is no RFC 3339 time`);
  return parsed;
}
