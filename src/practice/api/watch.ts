import type {ServerResponse} from 'node:http';
import type {ApiCore} from '../core.ts';
import {apiVersionOf, type Resource, storageOf} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import {expired, unexpected} from '../status.ts';
import type {Change} from '../tables.ts';
import {matcherOf} from './listing.ts';
import {type ApiRequest, flagParam, numberParam, type Target} from './request.ts';

/** Pause between bookmarks of a watch that asked for them, in milliseconds (the API server's is about a minute). */
const bookmarkEvery = 60_000;
/** Longest watch in milliseconds when the client names none. */
const longestWatch = 30 * 60_000;

type Shape = (object: KubeObject) => unknown;

/** Streams changes as JSON lines, until the client leaves, the time is over, or the cluster stops. */
export async function serveWatch(
  core: ApiCore,
  request: ApiRequest,
  target: Target,
  {response, shape}: {response: ServerResponse; shape: Shape},
): Promise<void> {
  const {query} = request;
  const {resource} = target;
  const matches = matcherOf(target, query);
  const sendInitial = flagParam(query, 'sendInitialEvents');
  const bookmarks = flagParam(query, 'allowWatchBookmarks');
  const revision = query.get('resourceVersion') || '0';
  if (!/^\d+$/.test(revision)) {
    const why = `strconv.ParseUint: parsing "${revision}": invalid syntax`;
    throw unexpected(`resourceVersion: Invalid value: "${revision}": ${why}`);
  }
  const since = Number(revision);
  const seconds = numberParam(query, 'timeoutSeconds');
  response.writeHead(200, {'content-type': 'application/json', 'cache-control': 'no-cache, private'});
  response.flushHeaders();
  const send = (type: string, object: unknown) => response.write(`${JSON.stringify({type, object})}\n`);
  const bookmark = (annotations?: Record<string, string>) => {
    const metadata = {resourceVersion: String(core.store.revision), ...(annotations ? {annotations} : {})};
    send('BOOKMARK', {kind: resource.kind, apiVersion: apiVersionOf(resource), metadata});
  };
  const deliver = (change: Change) => {
    const event = eventFor(change, matches);
    if (event) send(event.type, shape(event.object));
  };
  const backlog = since > 0 && !sendInitial ? core.store.since(resource, since) : undefined;
  if (since > 0 && !sendInitial && !backlog) {
    send('ERROR', expired(`too old resource version: ${since} (${core.store.revision})`).toStatus());
    response.end();
    return;
  }
  if (backlog) for (const change of backlog) deliver(change);
  else if (sendInitial || !query.has('sendInitialEvents')) {
    for (const object of core.store.list(resource, target.namespace).filter(matches)) send('ADDED', shape(object));
  }
  if (sendInitial && bookmarks) bookmark({'k8s.io/initial-events-end': 'true'});
  await follow(core, {
    response,
    deliver,
    since,
    resource,
    lasts: seconds ? seconds * 1000 : longestWatch,
    ...(bookmarks ? {bookmark} : {}),
  });
}

interface Following {
  response: ServerResponse;
  deliver: (change: Change) => void;
  since: number;
  resource: Resource;
  lasts: number;
  bookmark?: () => void;
}

async function follow(core: ApiCore, {response, deliver, since, resource, lasts, bookmark}: Following): Promise<void> {
  const wanted = storageOf(resource);
  const over = new AbortController();
  const unsubscribe = core.store.subscribe((change) => {
    // A watch from a future revision keeps silent until that revision is reached.
    if (change.resource === wanted && change.revision > since) deliver(change);
  });
  response.once('close', () => over.abort());
  const signal = AbortSignal.any([over.signal, core.scope.signal]);
  const {clock} = core.scope;
  const end = clock.mono() + lasts;
  while (!signal.aborted && clock.mono() < end) {
    await clock.sleep(Math.min(bookmark ? bookmarkEvery : lasts, end - clock.mono()), signal).catch(() => {});
    if (!signal.aborted) bookmark?.();
  }
  unsubscribe();
  response.end();
}

/** What a change means to a watch with selectors: leaving the selection is a deletion, entering it an addition. */
function eventFor(
  {type, object, previous}: Change,
  matches: (object: KubeObject) => boolean,
): {type: string; object: KubeObject} | undefined {
  const now = type !== 'DELETED' && matches(object);
  const before = previous !== undefined && matches(previous);
  if (now) return {type: before ? 'MODIFIED' : 'ADDED', object};
  return before ? {type: 'DELETED', object} : undefined;
}
