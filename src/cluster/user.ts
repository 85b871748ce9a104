import {readFile} from 'node:fs/promises';
import {isJsonObject, type Json, type JsonObject} from '../io/json.ts';

/** Why a kubeconfig's user cannot be used, in words; undefined when it can. kubectl refuses the same. */
export function refusedUser(user: JsonObject): string | undefined {
  const provider = objectOf(user['auth-provider']).name;
  if (provider !== undefined && provider !== 'oidc') {
    return `its auth-provider "${String(provider)}" is none that kubectl has any more: write the user again with its exec plugin`;
  }
  const impersonates = ['as-uid', 'as-groups', 'as-user-extra'].find((key) => user[key] !== undefined);
  if (impersonates !== undefined && !user.as) return `it has ${impersonates} without "as"`;
  if (!isJsonObject(user.exec)) return undefined;
  const {apiVersion, command, interactiveMode} = user.exec;
  if (typeof command !== 'string' || command === '') return 'its exec plugin has no command';
  if (!versions.includes(String(apiVersion))) {
    return `its exec plugin speaks ${String(apiVersion)}: kubectl and kubedrill speak ${versions.join(' and ')}`;
  }
  return interactiveMode === 'Always' ? 'its exec plugin wants a terminal (interactiveMode: Always)' : undefined;
}

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/** A plugin with KUBERNETES_EXEC_INFO, which plugins choose their answer by. The cluster is in it when that is asked for. */
export async function withExecInfo(exec: JsonObject, cluster: JsonObject): Promise<JsonObject> {
  const {apiVersion, provideClusterInfo} = exec;
  const spec = {interactive: false, ...(provideClusterInfo === true ? {cluster: await clusterInfo(cluster)} : {})};
  const info = {kind: 'ExecCredential', apiVersion, spec};
  const env = Array.isArray(exec.env) ? exec.env : [];
  return {...exec, env: [...env, {name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info)}]};
}

async function clusterInfo(cluster: JsonObject): Promise<JsonObject> {
  const file = cluster['certificate-authority'];
  const authority =
    cluster['certificate-authority-data'] ??
    (typeof file === 'string' ? (await readFile(file)).toString('base64') : undefined);
  const extensions = Array.isArray(cluster.extensions) ? cluster.extensions.map(objectOf) : [];
  return {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'insecure-skip-tls-verify': cluster['insecure-skip-tls-verify'],
    'certificate-authority-data': authority,
    'proxy-url': cluster['proxy-url'],
    config: extensions.find(({name}) => name === 'client.authentication.k8s.io/exec')?.extension,
  };
}

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
