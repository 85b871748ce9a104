import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {delimiter, dirname, isAbsolute, join, resolve} from 'node:path';
import {parseDocument} from 'yaml';
import {closest} from '../io/closest.ts';
import {messageOf, UsageError} from '../io/errors.ts';
import {isJsonObject, type Json, type JsonObject} from '../io/json.ts';
import {proxyOf} from './proxy.ts';
import {refusedUser} from './user.ts';

/** A kubeconfig after merging, with one context chosen; paths are absolute. */
export interface Kubeconfig {
  /** The whole configuration in kubeconfig form, for client-node to load. */
  config: JsonObject;
  context: string;
  namespace: string;
  user: string;
  /** The chosen cluster's and user's own entries. */
  cluster: JsonObject;
  credentials: JsonObject;
}

/** Where a kubeconfig may come from. */
export interface KubeconfigSource {
  /** Files in the form of $KUBECONFIG; the default is that variable, else ~/.kube/config, else the pod's own account. */
  kubeconfig?: string;
  /** The YAML itself, instead of files. */
  kubeconfigText?: string;
  context?: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Folder with the pod's own account; another one in tests. */
  serviceAccountFolder?: string;
}

const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';
const contextHint = 'List the contexts with: kubectl config get-contexts';

/**
 * Reads and merges kubeconfig files as kubectl does: the first file that names a thing wins, files of $KUBECONFIG that
 * do not exist are passed over. Throws a UsageError that says which file and what is wrong with it.
 */
export async function loadKubeconfig(source: KubeconfigSource): Promise<Kubeconfig> {
  const merged = await readSource(source);
  const context = source.context ?? merged.currentContext;
  const names = [...merged.contexts.keys()];
  if (!context) {
    throw new UsageError(`kubeconfig ${merged.origin}: no context is chosen and there is no current-context`, {
      code: 'E_KUBECONFIG_CONTEXT',
      hint: names.length > 0 ? `Choose one with --context: ${names.join(', ')}` : contextHint,
    });
  }
  const entry = merged.contexts.get(context);
  if (entry === undefined) {
    const near = closest(context, names);
    const known = names.length > 0 ? `It has: ${names.join(', ')}.` : 'It has none.';
    throw new UsageError(`kubeconfig ${merged.origin}: there is no context "${context}". ${known}`, {
      code: 'E_KUBECONFIG_CONTEXT',
      hint: near === undefined ? contextHint : `Did you mean ${near}?`,
    });
  }
  const written = merged.clusters.get(text(entry.cluster));
  const proxy = text(written?.['proxy-url']) || proxyOf(text(written?.server), source.env);
  const cluster = written && proxy !== undefined ? {...written, 'proxy-url': proxy} : written;
  if (cluster === undefined || text(cluster.server) === '') {
    throw new UsageError(
      `kubeconfig ${merged.origin}: context "${context}" names the cluster "${text(entry.cluster)}", ` +
        `which ${cluster === undefined ? 'the file does not have' : 'has no server'}`,
      {code: 'E_KUBECONFIG', hint: 'Write the cluster again with: kubectl config set-cluster'},
    );
  }
  const user = text(entry.user);
  const credentials = merged.users.get(user) ?? {};
  const refused = refusedUser(credentials);
  if (refused !== undefined) {
    throw new UsageError(`kubeconfig ${merged.origin}: the user "${user}" cannot be used: ${refused}`, {
      code: 'E_KUBECONFIG',
      hint: `Try it with: kubectl --context ${context} auth whoami`,
    });
  }
  return {
    config: {
      clusters: named('cluster', new Map([['chosen', cluster]])),
      users: named('user', new Map([['chosen', credentials]])),
      contexts: named('context', new Map([['chosen', {cluster: 'chosen', user: 'chosen'}]])),
      'current-context': 'chosen',
    },
    context,
    namespace: text(entry.namespace) || 'default',
    user: user || 'anonymous',
    cluster,
    credentials,
  };
}

interface Merged {
  /** What messages call it. */
  origin: string;
  clusters: Map<string, JsonObject>;
  users: Map<string, JsonObject>;
  contexts: Map<string, JsonObject>;
  currentContext: string;
}

async function readSource(source: KubeconfigSource): Promise<Merged> {
  const {kubeconfigText, env} = source;
  if (kubeconfigText !== undefined) return merge([{file: '(given as text)', content: kubeconfigText}]);
  const listed = source.kubeconfig || env.KUBECONFIG || '';
  const files = listed === '' ? [join(env.HOME ?? homedir(), '.kube', 'config')] : listed.split(delimiter);
  const found: {file: string; content: string}[] = [];
  for (const file of files.filter((name) => name !== '')) {
    const content = await readIfThere(file);
    if (content !== undefined) found.push({file, content});
  }
  if (found.length > 0) return merge(found);
  if (listed === '') {
    const inCluster = await readServiceAccount(env, source.serviceAccountFolder ?? accountFolder);
    if (inCluster !== undefined) return inCluster;
  }
  throw new UsageError(`no kubeconfig: ${files.join(' and ')} ${files.length > 1 ? 'do' : 'does'} not exist`, {
    code: 'E_KUBECONFIG_MISSING',
    hint: 'Name one with --kubeconfig or KUBECONFIG, or try kubedrill without a cluster: kubedrill run --practice kill-coredns',
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UsageError(`kubeconfig ${file}: cannot be read: ${messageOf(error)}`, {
      code: 'E_KUBECONFIG',
      hint: 'Check its permissions, or name another file with --kubeconfig',
      cause: error,
    });
  }
}

function merge(files: {file: string; content: string}[]): Merged {
  const origin = files.map(({file}) => file).join(', ');
  const merged: Merged = {origin, clusters: new Map(), users: new Map(), contexts: new Map(), currentContext: ''};
  for (const {file, content} of files) {
    const config = parse(file, content);
    collect(merged.clusters, file, config.clusters, 'cluster', ['certificate-authority']);
    collect(merged.users, file, config.users, 'user', ['client-certificate', 'client-key', 'tokenFile']);
    collect(merged.contexts, file, config.contexts, 'context', []);
    merged.currentContext ||= text(config['current-context']);
  }
  return merged;
}

function parse(file: string, content: string): JsonObject {
  const document = parseDocument(content);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const at = problem.linePos?.[0];
    // The first line of the message only: the rest quotes the file, which holds credentials.
    throw broken(file, `is no valid YAML${at ? ` (line ${at.line})` : ''}: ${problem.message.split('\n', 1)[0]}`);
  }
  const value: unknown = document.toJS();
  if (!isJsonObject(value)) throw broken(file, 'is no kubeconfig: it holds no mapping');
  return value;
}

/** Takes over the entries of one list that no earlier file has; makes their paths absolute. */
function collect(
  into: Map<string, JsonObject>,
  file: string,
  list: Json | undefined,
  member: string,
  paths: readonly string[],
): void {
  if (list === undefined || list === null) return;
  if (!Array.isArray(list)) throw broken(file, `is no kubeconfig: ${member}s is no list`);
  for (const [index, item] of list.entries()) {
    if (!isJsonObject(item) || text(item.name) === '') throw broken(file, `${member}s[${index}] has no name`);
    const name = text(item.name);
    const body = item[member];
    if (into.has(name)) continue;
    const entry: JsonObject = isJsonObject(body) ? {...body} : {};
    for (const key of paths) {
      const path = entry[key];
      // As kubectl: what stands in the kubeconfig itself goes before a file.
      if (text(entry[`${key}-data`]) !== '') delete entry[key];
      else if (typeof path === 'string' && path !== '' && !isAbsolute(path)) entry[key] = join(dirname(file), path);
    }
    // A name without a slash is looked for in PATH.
    const command = isJsonObject(entry.exec) ? text(entry.exec.command) : '';
    if (command.includes('/') && !isAbsolute(command)) {
      entry.exec = {...(entry.exec as JsonObject), command: resolve(dirname(file), command)};
    }
    into.set(name, entry);
  }
}

const broken = (file: string, problem: string) =>
  new UsageError(`kubeconfig ${file}: ${problem}`, {
    code: 'E_KUBECONFIG',
    hint: `Try it with: kubectl --kubeconfig ${file} config view`,
  });

/** The account that Kubernetes gives a pod; undefined outside of one. */
async function readServiceAccount(env: KubeconfigSource['env'], folder: string): Promise<Merged | undefined> {
  const host = env.KUBERNETES_SERVICE_HOST;
  const token = join(folder, 'token');
  if (!host || (await readIfThere(token)) === undefined) return undefined;
  const address = host.includes(':') ? `[${host}]` : host;
  const server = `https://${address}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`;
  const namespace = (await readIfThere(join(folder, 'namespace')))?.trim() ?? 'default';
  return {
    origin: `of the pod (${folder})`,
    clusters: new Map([['in-cluster', {server, 'certificate-authority': join(folder, 'ca.crt')}]]),
    users: new Map([['in-cluster', {tokenFile: token}]]),
    contexts: new Map([['in-cluster', {cluster: 'in-cluster', user: 'in-cluster', namespace}]]),
    currentContext: 'in-cluster',
  };
}

const named = (member: string, entries: ReadonlyMap<string, JsonObject>): JsonObject[] =>
  [...entries].map(([name, entry]) => ({name, [member]: entry}));

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
