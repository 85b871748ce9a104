import {type ClientRequest, request as http, type IncomingMessage} from 'node:http';
import {Agent, request as https} from 'node:https';
import {text} from 'node:stream/consumers';
import {parse} from 'yaml';

/** One call, as it goes over the wire. */
export interface Call {
  method: string;
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** An API server, and who asks it. */
export interface Endpoint {
  /** What the names of its nodes begin with. */
  nodes: string;
  /** The whole answer. */
  call(call: Call): Promise<{message: IncomingMessage; text: string}>;
  /** The answer as it comes; whoever opens it closes it. */
  open(call: Call): Promise<IncomingMessage>;
}

/** The current context of a kubeconfig with a client certificate, or with none. */
export function endpointOf(kubeconfig: string, nodes: string): Endpoint {
  const config = parse(kubeconfig);
  const {cluster} = config.clusters[0];
  const {user = {}} = config.users[0];
  const decoded = (value: string | undefined) => value && Buffer.from(value, 'base64').toString();
  const tls = {
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  };
  const agent = new Agent({keepAlive: true});
  const begin = ({method, path, headers}: Call): ClientRequest => {
    const url = cluster.server + path;
    return url.startsWith('https:') ? https(url, {...tls, agent, method, headers}) : http(url, {method, headers});
  };
  const open = async (call: Call): Promise<IncomingMessage> => {
    const {body} = call;
    const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    // Node frames the body of a DELETE only when it is told how long it is.
    const framed = {'content-type': 'application/json', 'content-length': String(Buffer.byteLength(content ?? ''))};
    const headers = {'user-agent': 'parity/1', ...(content === undefined ? {} : framed), ...call.headers};
    const going = begin({...call, headers});
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      going.once('response', resolve);
      going.once('error', reject);
    });
    going.end(content);
    return await answered;
  };
  return {
    nodes,
    open,
    call: async (call) => {
      const message = await open(call);
      return {message, text: await text(message)};
    },
  };
}
