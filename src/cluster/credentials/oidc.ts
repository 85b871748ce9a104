import {isJsonObject, type JsonObject} from '../../io/json.ts';

/** The tokens of an `auth-provider: {name: oidc}`. */
export interface OidcProvider {
  token(): Promise<string>;
  /** Forgets what was refreshed: the API server did not accept it. */
  forget(): void;
}

/**
 * Tokens by client-node, which knows how an issuer renews them. The library is loaded here and nowhere else, because
 * importing it takes 0.3 s. What is renewed stays in memory: the kubeconfig is the user's, and not written.
 */
export function createOidcProvider(provider: JsonObject): OidcProvider {
  let loaded: Promise<() => Promise<string>> | undefined;
  return {
    token: async () => {
      loaded ??= load(provider);
      return await (await loaded)();
    },
    forget: () => {
      loaded = undefined;
    },
  };
}

async function load({config}: JsonObject): Promise<() => Promise<string>> {
  const {KubeConfig} = await import('@kubernetes/client-node');
  const settings = isJsonObject(config) ? config : {};
  // client-node renews only where there is something old; what is no JWT has ended.
  const user = {'auth-provider': {name: 'oidc', config: {...settings, 'id-token': settings['id-token'] || 'none'}}};
  const kc = new KubeConfig();
  // JSON is YAML: this is the parser's own way in, without going through a file.
  kc.loadFromString(
    JSON.stringify({
      clusters: [{name: 'chosen', cluster: {server: 'https://unused.invalid'}}],
      users: [{name: 'chosen', user}],
      contexts: [{name: 'chosen', context: {cluster: 'chosen', user: 'chosen'}}],
      'current-context': 'chosen',
    }),
  );
  return async () => {
    const options: {headers?: Record<string, string>} = {};
    await kc.applyToHTTPSOptions(options);
    const token = options.headers?.Authorization?.replace(/^Bearer /, '');
    if (!token)
      throw new Error('its auth-provider oidc has no id-token that is still good, and nothing to renew it by');
    return token;
  };
}
