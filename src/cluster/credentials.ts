import {X509Certificate} from 'node:crypto';
import type {Agent, OutgoingHttpHeaders} from 'node:http';
import type {RequestOptions} from 'node:https';
import type {Clock} from '../io/clock.ts';
import {isJsonObject, type Json, type JsonObject} from '../io/json.ts';
import type {Kubeconfig} from './kubeconfig.ts';
import type {CredentialSecrets, Credentials} from './secrets.ts';
import {withExecInfo} from './user.ts';

/** Hands out credentials; asks client-node again when they are older than ten seconds, since tokens rotate. */
export interface CredentialSource {
  current(): Promise<Credentials>;
  /** Forgets what is kept: the API server did not accept it. */
  forget(): void;
  /** Why credentials may not be accepted, as far as they tell: "the client certificate expired on …". */
  problem(): Promise<string | undefined>;
}

const keptFor = 10_000;

/**
 * Credentials from a kubeconfig by client-node's KubeConfig: certificates, tokens, token files, basic auth, exec and
 * OIDC plugins, proxies. The library is loaded here and nowhere else, because importing it takes 0.3 s. What is handed
 * out is learned by `secrets` first.
 */
export async function createCredentialSource(
  kubeconfig: Kubeconfig,
  clock: Clock,
  secrets: CredentialSecrets,
): Promise<CredentialSource> {
  const {KubeConfig} = await import('@kubernetes/client-node');
  const prepared = await forClientNode(kubeconfig);
  const load = () => {
    const loaded = new KubeConfig();
    // JSON is YAML: this is the parser's own way in, without going through a file.
    loaded.loadFromString(JSON.stringify(prepared));
    return loaded;
  };
  let kc = load();
  const impersonation = impersonationHeaders(kubeconfig.credentials);
  const hasProxy = typeof kubeconfig.cluster['proxy-url'] === 'string';
  let kept: {at: number; credentials: Promise<Credentials>} | undefined;

  const ask = async (): Promise<Credentials> => {
    const options: RequestOptions = {};
    await kc.applyToHTTPSOptions(options);
    const {headers, auth, agent, ca, cert, key, pfx, passphrase, servername, rejectUnauthorized} = options;
    const given = {ca, cert, key, pfx, passphrase, servername, rejectUnauthorized};
    const credentials: Credentials = {
      headers: {
        ...(auth ? {authorization: `Basic ${Buffer.from(auth).toString('base64')}`} : {}),
        ...(headers as OutgoingHttpHeaders | undefined),
        ...impersonation,
      },
      tls: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
      ...(hasProxy && agent ? {proxy: agent as Agent} : {}),
    };
    secrets.learn(credentials);
    return credentials;
  };
  const current = () => {
    if (kept === undefined || clock.mono() - kept.at > keptFor) kept = {at: clock.mono(), credentials: ask()};
    const {credentials} = kept;
    // A failure is not kept: the next call asks the plugin again.
    credentials.catch(() => {
      if (kept?.credentials === credentials) kept = undefined;
    });
    return credentials;
  };
  return {
    current,
    forget: () => {
      kept = undefined;
      // A plugin's answer without an end is kept inside for good; only a new instance asks again.
      kc = load();
    },
    problem: async () => expiry(await current(), clock.wall()),
  };
}

/**
 * client-node reads `token-file` where kubeconfig has `tokenFile`, tells a plugin nothing, refuses http:// servers that kubectl accepts, and
 * leaves the TLS settings of a context without a user aside (the empty user that is always written avoids the last).
 */
async function forClientNode({config, cluster, credentials}: Kubeconfig): Promise<JsonObject> {
  const {tokenFile, token, exec, ...rest} = credentials;
  const user = {...rest, ...(isJsonObject(exec) ? {exec: await withExecInfo(exec, cluster)} : {})};
  const plain = typeof cluster.server === 'string' && cluster.server.startsWith('http:');
  return {
    ...config,
    clusters: [{name: 'chosen', cluster: plain ? {...cluster, 'insecure-skip-tls-verify': true} : cluster}],
    users: [
      {
        name: 'chosen',
        user:
          // As client-go: the file is newer than what stands beside it.
          typeof tokenFile === 'string' && tokenFile !== ''
            ? {...user, 'auth-provider': {name: 'tokenFile', config: {tokenFile}}}
            : {...user, token},
      },
    ],
  };
}

/** `as-uid`, `as-groups` and `as-user-extra`, which client-node passes over: a drill must not run with other rights. */
function impersonationHeaders(credentials: JsonObject): OutgoingHttpHeaders {
  const groups = strings(credentials['as-groups']);
  const extra = credentials['as-user-extra'];
  return {
    ...(typeof credentials['as-uid'] === 'string' ? {'Impersonate-Uid': credentials['as-uid']} : {}),
    ...(groups.length > 0 ? {'Impersonate-Group': groups} : {}),
    ...Object.fromEntries(
      Object.entries(isJsonObject(extra) ? extra : {}).map(([key, values]) => [
        `Impersonate-Extra-${encodeURIComponent(key)}`,
        strings(values),
      ]),
    ),
  };
}

const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Whether the client certificate or a JWT is past its end. */
function expiry({headers, tls}: Credentials, now: Date): string | undefined {
  try {
    if (tls.cert !== undefined) {
      const ends = new X509Certificate(tls.cert as string | Buffer).validToDate;
      if (ends < now) return `the client certificate expired on ${ends.toISOString()}`;
    }
    const payload = /^Bearer [^.]+\.([^.]+)\./.exec(String(headers.Authorization ?? headers.authorization))?.[1];
    if (payload === undefined) return undefined;
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (!isJsonObject(claims) || typeof claims.exp !== 'number') return undefined;
    const ends = new Date(claims.exp * 1000);
    return ends < now ? `the token expired on ${ends.toISOString()}` : undefined;
  } catch {
    // Neither a certificate nor a JWT that can be read: the API server's own words must do.
    return undefined;
  }
}
