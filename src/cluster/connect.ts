import {type Clock, systemClock} from '../io/clock.ts';
import {isOfKind, read, requestJson} from './calls.ts';
import {createCredentialSource} from './credentials/source.ts';
import {createDiscovery} from './discovery.ts';
import {identify} from './identity.ts';
import {type KubeconfigSource, loadKubeconfig} from './kubeconfig/load.ts';
import {createReader} from './read.ts';
import {createCredentialSecrets} from './secrets.ts';
import {createTransport} from './transport.ts';
import type {Connection} from './types.ts';
import {createWriter} from './write.ts';

export interface ConnectOptions extends KubeconfigSource {
  clock?: Clock;
}

/**
 * Prepares a connection from a kubeconfig. The API server is not asked anything yet: the first call finds out whether
 * it answers (`identify`). Throws a UsageError for a kubeconfig that cannot be used.
 */
export async function connect({clock = systemClock, ...source}: ConnectOptions): Promise<Connection> {
  const kubeconfig = await loadKubeconfig(source);
  const {context, namespace, user, server, proxy} = kubeconfig;
  const secrets = createCredentialSecrets(kubeconfig);
  const credentials = createCredentialSource(kubeconfig, {clock, secrets, env: source.env});
  const transport = createTransport({server, context, proxy}, {credentials, secrets}, clock);
  const discovery = createDiscovery(({path, kind, what}, options) => {
    const call = {what, server, context, command: 'kubectl api-versions'};
    const outgoing = {method: 'GET', path, wanted: isOfKind(kind)};
    return read(clock, options, (limited) => requestJson(transport, call, outgoing, limited));
  });
  const reader = createReader(transport, discovery, clock);
  return {
    reader,
    writer: createWriter(transport, discovery),
    context,
    namespace,
    user,
    identify: (options = {}) => identify(reader, context, options),
    onSecret: async (learn) => {
      secrets.tell(learn);
      await transport.warm();
    },
    close: () => transport.close(),
  };
}
