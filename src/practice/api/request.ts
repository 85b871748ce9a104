import type {IncomingMessage} from 'node:http';
import {parse as parseYaml} from 'yaml';
import {messageOf} from '../../io/errors.ts';
import {parseJson, withPlainIntegers} from '../../io/json.ts';
import {findResource, type Resource, resources} from '../kinds.ts';
import {badRequest, NoSuchPage, noSuchPath, StatusError} from '../status.ts';

/** Who asks. There is no authentication: the name comes from `Impersonate-User`, else it is the practice user. */
export interface User {
  name: string;
  groups: readonly string[];
}

/** The object or collection that a path names. */
export interface Target {
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  /** What follows a subresource that has a path of its own (`proxy/…`). */
  rest: string;
}

export interface ApiRequest {
  method: string;
  url: URL;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  user: User;
  contentType: string;
  /** The body as it came. */
  text: string;
  /** Reads the body; undefined when there is none. Throws what is made of the reason when it cannot be read. */
  parse(refuse?: (why: string) => StatusError): unknown;
  /** What the answer warns of. */
  warnings: string[];
}

/** Largest body that is read, as kube-apiserver's limit. */
const maxBody = 3 * 1024 * 1024;

const protobufHint =
  'the practice cluster speaks JSON and YAML, no protobuf: instead of `kubectl create ...` use `kubectl create ... --dry-run=client -o yaml | kubectl apply -f -`';

/** Reads a request with its body. Throws a {@link StatusError} when the body cannot be understood. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const url = new URL(message.url ?? '/', 'http://practice');
  const contentType = (message.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? '';
  const group = message.headers['impersonate-group'];
  const text = await readBody(message);
  return {
    method: message.method ?? 'GET',
    url,
    query: url.searchParams,
    headers: message.headers,
    user: {
      name: String(message.headers['impersonate-user'] ?? 'kubedrill-practice'),
      groups: group ? String(group).split(/,\s*/) : ['system:masters', 'system:authenticated'],
    },
    contentType,
    text,
    parse: (refuse = (why) => badRequest(`error decoding the body: ${why}`)) => parseBody(text, contentType, refuse),
    warnings: [],
  };
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) throw new StatusError(413, 'RequestEntityTooLarge', `limit is ${maxBody} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseBody(text: string, contentType: string, refuse: (why: string) => StatusError): unknown {
  if (text.trim() === '') return undefined;
  if (contentType.includes('protobuf')) {
    throw new StatusError(415, 'UnsupportedMediaType', protobufHint);
  }
  if (!/[/+](json|yaml)$/.test(contentType)) {
    const known = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
    const message = `the body of the request was in an unknown format - accepted media types include: ${known}`;
    throw new StatusError(415, 'UnsupportedMediaType', message);
  }
  try {
    return contentType.includes('yaml') ? withPlainIntegers(parseYaml(text, {intAsBigInt: true})) : parseJson(text);
  } catch (error) {
    throw refuse(messageOf(error));
  }
}

/** Takes a path of the resource API apart. Throws a 404 for one that is not served. */
export function targetOf(pathname: string): Target {
  const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const [root, second = '', third = ''] = parts;
  const core = root === 'api';
  if (!core && !(root === 'apis' && resources.some(({group}) => group === second))) throw new NoSuchPage();
  const [group, version] = core ? ['', second] : [second, third];
  const path = parts.slice(core ? 2 : 3);
  const inNamespace = path[0] === 'namespaces' && path.length > 2 && !['status', 'finalize'].includes(path[2] ?? '');
  const namespace = inNamespace ? path[1] : undefined;
  const [plural = '', name, subresource, ...rest] = inNamespace ? path.slice(2) : path;
  const resource = findResource(group, version, plural);
  if (!resource || (subresource && !resource.subresources.includes(subresource))) throw noSuchPath();
  if (namespace && !resource.namespaced) throw noSuchPath();
  if (name && resource.namespaced && !namespace) throw noSuchPath();
  return {resource, namespace, name, subresource, rest: rest.join('/')};
}

/** A number from the query; undefined when it is absent. Throws a 400 when it is none. */
export function numberParam(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return value;
}

/** Whether a flag of the query is set. */
export function flagParam(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && text !== 'false' && text !== '0';
}
