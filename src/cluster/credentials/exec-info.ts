import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import type {Kubeconfig} from '../kubeconfig/load.ts';

/**
 * What a plugin is told in KUBERNETES_EXEC_INFO: which version to answer in, that nobody is there to be asked, and the
 * cluster when the kubeconfig wants that. `authority`: the certificates that the cluster's own is checked by.
 */
export function execInfo(
  exec: JsonObject,
  {server, cluster}: Pick<Kubeconfig, 'server' | 'cluster'>,
  authority: Buffer | undefined,
): string {
  const told = exec.provideClusterInfo === true ? {cluster: clusterInfo(server, cluster, authority)} : {};
  const {apiVersion} = exec;
  return JSON.stringify({kind: 'ExecCredential', apiVersion, spec: {...told, interactive: false}});
}

function clusterInfo(server: string, cluster: JsonObject, authority: Buffer | undefined): JsonObject {
  const extensions = Array.isArray(cluster.extensions) ? cluster.extensions.map(objectOf) : [];
  const extension = extensions.find(({name}) => name === 'client.authentication.k8s.io/exec')?.extension;
  const given = (key: string): JsonObject => (cluster[key] ? {[key]: cluster[key]} : {});
  return {
    server,
    ...given('tls-server-name'),
    ...given('insecure-skip-tls-verify'),
    ...(authority === undefined ? {} : {'certificate-authority-data': authority.toString('base64')}),
    // A proxy of the environment the plugin finds there itself.
    ...given('proxy-url'),
    ...given('disable-compression'),
    ...(extension === undefined ? {} : {config: extension}),
  };
}

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
