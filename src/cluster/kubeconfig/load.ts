import {readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';
import {closest} from '../../io/closest.ts';
import {messageOf, UsageError} from '../../io/errors.ts';
import type {JsonObject} from '../../io/json.ts';
import {accountFolder, readServiceAccount} from './account.ts';
import {type Merged, merge, text} from './file.ts';
import {isProxyUrl, proxyOf} from './proxy.ts';
import {refusedCluster, refusedUser, serverUrl} from './usable.ts';

/** A kubeconfig after merging, with one context chosen; paths are absolute. */
export interface Kubeconfig {
  context: string;
  namespace: string;
  user: string;
  /** The URL below which the API is, without query. */
  server: string;
  /** The proxy on the way: the kubeconfig's own, else that of the environment. */
  proxy?: string;
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

const contextHint = 'List the contexts with: kubectl config get-contexts';

/**
 * Reads and merges kubeconfig files as kubectl does: the first file that names a thing wins, files of $KUBECONFIG that
 * do not exist are passed over. Throws a UsageError that says which file and what is wrong with it.
 */
export async function loadKubeconfig(source: KubeconfigSource): Promise<Kubeconfig> {
  const merged = await readSource(source);
  const {name: context, entry} = chooseContext(merged, source.context);
  const refuse = (problem: string, hint: string) =>
    new UsageError(`kubeconfig ${merged.origin}: ${problem}`, {code: 'E_KUBECONFIG', hint});
  const named = text(entry.cluster);
  const cluster = merged.clusters.get(named);
  if (cluster === undefined || text(cluster.server) === '') {
    throw refuse(
      `context "${context}" names the cluster "${named}", ` +
        `which ${cluster === undefined ? 'the file does not have' : 'has no server'}`,
      'Write the cluster again with: kubectl config set-cluster',
    );
  }
  const server = serverUrl(text(cluster.server));
  const view = `See it with: kubectl config view --minify --context ${context}`;
  if (server === undefined) {
    throw refuse(`the server of context "${context}" is no http or https URL without a user name`, view);
  }
  const wrong = refusedCluster(cluster);
  if (wrong !== undefined) throw refuse(`the cluster "${named}" cannot be used: ${wrong}`, view);
  const user = text(entry.user);
  const credentials = user === '' ? {} : merged.users.get(user);
  if (credentials === undefined) {
    // kubectl would ask for a name and a password, and the API take us for somebody else.
    throw refuse(
      `context "${context}" names the user "${user}", which the file does not have`,
      'Write the user again with: kubectl config set-credentials',
    );
  }
  const refused = refusedUser(credentials, server.toLowerCase().startsWith('https:'));
  if (refused !== undefined) {
    throw refuse(
      `the user "${user}" cannot be used: ${refused}`,
      `Try it with: kubectl --context ${context} auth whoami`,
    );
  }
  const around = proxyOf(server, source.env);
  const proxy = text(cluster['proxy-url']) || around;
  if (proxy !== undefined && proxy === around && !isProxyUrl(proxy, 'socks5h:')) {
    throw new UsageError('HTTPS_PROXY or HTTP_PROXY of the environment is no http, https or socks5 URL', {
      code: 'E_KUBECONFIG',
      hint: 'Set it to http://HOST:PORT, or name the server in NO_PROXY',
    });
  }
  return {
    context,
    namespace: text(entry.namespace) || 'default',
    user: user || 'anonymous',
    server,
    ...(proxy === undefined ? {} : {proxy}),
    cluster,
    credentials,
  };
}

function chooseContext(merged: Merged, wanted: string | undefined): {name: string; entry: JsonObject} {
  const name = wanted ?? merged.currentContext;
  const names = [...merged.contexts.keys()];
  if (!name) {
    throw new UsageError(`kubeconfig ${merged.origin}: no context is chosen and there is no current-context`, {
      code: 'E_KUBECONFIG_CONTEXT',
      hint: names.length > 0 ? `Choose one with --context: ${names.join(', ')}` : contextHint,
    });
  }
  const entry = merged.contexts.get(name);
  if (entry !== undefined) return {name, entry};
  const near = closest(name, names);
  const known = names.length > 0 ? `It has: ${names.join(', ')}.` : 'It has none.';
  throw new UsageError(`kubeconfig ${merged.origin}: there is no context "${name}". ${known}`, {
    code: 'E_KUBECONFIG_CONTEXT',
    hint: near === undefined ? contextHint : `Did you mean ${near}?`,
  });
}

async function readSource(source: KubeconfigSource): Promise<Merged> {
  const {kubeconfigText, env} = source;
  if (kubeconfigText !== undefined) return merge([{file: '(given as text)', content: kubeconfigText}]);
  const listed = source.kubeconfig || env.KUBECONFIG || '';
  const names = listed === '' ? [join(env.HOME ?? homedir(), '.kube', 'config')] : listed.split(delimiter);
  const files = [...new Set(names)].filter((name) => name !== '');
  const found: {file: string; content: string}[] = [];
  for (const file of files) {
    const content = await readIfThere(file);
    if (content !== undefined) found.push({file, content});
  }
  if (found.length > 0) return merge(found);
  if (listed === '') {
    const inCluster = await readServiceAccount(env, source.serviceAccountFolder ?? accountFolder, readIfThere);
    if (inCluster !== undefined) return inCluster;
  }
  const missing = `${files.join(' and ')} ${files.length > 1 ? 'do' : 'does'} not exist`;
  throw new UsageError(`no kubeconfig: ${files.length > 0 ? missing : 'the list of files names none'}`, {
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
