import {stringify} from 'yaml';

const name = 'kubedrill-practice';

/** A kubeconfig for the practice cluster. Clients in Node refuse plain http unless certificates are not verified. */
export function kubeconfigFor(server: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{name, cluster: {server, 'insecure-skip-tls-verify': true}}],
    users: [{name, user: {}}],
    contexts: [{name, context: {cluster: name, user: name, namespace: 'default'}}],
    'current-context': name,
  });
}
