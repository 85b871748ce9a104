import {fromThrown} from './classify.ts';
import {BrokenAnswerError} from './http.ts';
import {createLineSplitter} from './lines.ts';
import {queryString} from './paths.ts';
import type {Transport} from './transport.ts';
import type {ClusterReader} from './types.ts';

/** {@link ClusterReader.followLog}: an unfinished last line is handed over only when the log really ended there. */
export function createFollowLog(transport: Transport): ClusterReader['followLog'] {
  return async ({namespace, name, container}, {signal, sinceTime, onLine}) => {
    const path =
      `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log` +
      queryString({follow: true, container, sinceTime});
    const call = {
      what: `follow the log of Pod ${namespace}/${name}`,
      server: transport.server,
      context: transport.context,
      command: `kubectl -n ${namespace} get pod/${name}`,
    };
    try {
      const incoming = await transport.open(call, {method: 'GET', path, headers: {accept: '*/*'}}, {signal});
      const lines = createLineSplitter(onLine);
      try {
        for await (const chunk of incoming) lines.push(chunk as Buffer);
      } catch (error) {
        // A throw from onLine is the caller's own and passes as it is.
        throw incoming.errored === null ? error : new BrokenAnswerError(error);
      }
      lines.end();
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof BrokenAnswerError ? fromThrown(call, error) : error;
    }
  };
}
