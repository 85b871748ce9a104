import {type Clock, systemClock} from '../io/clock.ts';
import {messageOf, UsageError} from '../io/errors.ts';
import {isOfKind, read, requestJson} from './calls.ts';
import {createCredentialSource} from './credentials.ts';
import {createDiscovery} from './discovery.ts';
import {identify} from './identity.ts';
import {type KubeconfigSource, loadKubeconfig} from './kubeconfig.ts';
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
  const {context, namespace, user} = kubeconfig;
  const server = serverUrl(context, String(kubeconfig.cluster.server));
  const secrets = createCredentialSecrets(kubeconfig);
  const credentials = await createCredentialSource(kubeconfig, clock, secrets).catch((error: unknown) => {
    throw new UsageError(`kubeconfig: context "${context}" cannot be used: ${secrets.text(messageOf(error))}`, {
      code: 'E_KUBECONFIG',
      hint: `Try it with: kubectl --context ${context} version`,
      cause: secrets.error(error),
    });
  });
  const transport = createTransport({server, context}, {credentials, secrets}, clock);
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

/** Checks the server's address; whatever stands before `@` in it is a secret and is never shown. */
function serverUrl(context: string, server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === '') return server;
  throw new UsageError(`kubeconfig: the server of context "${context}" is no http or https URL without a user name`, {
    code: 'E_KUBECONFIG',
    hint: `See it with: kubectl config view --minify --context ${context}`,
  });
}
