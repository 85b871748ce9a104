import {join} from 'node:path';
import type {Merged} from './file.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Folder with the account that Kubernetes gives a pod. */
export const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The account that Kubernetes gives a pod, in the form of a kubeconfig; undefined outside of one. `read` gives the
 * content of a file, or undefined when it does not exist.
 */
export async function readServiceAccount(
  env: Env,
  folder: string,
  read: (file: string) => Promise<string | undefined>,
): Promise<Merged | undefined> {
  const {KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port} = env;
  const tokenFile = join(folder, 'token');
  if (!host || !port || (await read(tokenFile)) === undefined) return undefined;
  const authority = join(folder, 'ca.crt');
  const trusted = (await read(authority)) === undefined ? {} : {'certificate-authority': authority};
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const namespace = env.POD_NAMESPACE || (await read(join(folder, 'namespace')))?.trim() || 'default';
  return {
    origin: `of the pod (${folder})`,
    clusters: new Map([['in-cluster', {server, ...trusted}]]),
    users: new Map([['in-cluster', {tokenFile}]]),
    contexts: new Map([['in-cluster', {cluster: 'in-cluster', user: 'in-cluster', namespace}]]),
    currentContext: 'in-cluster',
  };
}
