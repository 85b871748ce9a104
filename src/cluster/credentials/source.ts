import {X509Certificate} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import type {OutgoingHttpHeaders} from 'node:http';
import type {ConnectionOptions} from 'node:tls';
import type {Clock} from '../../io/clock.ts';
import {isJsonObject} from '../../io/json.ts';
import {text} from '../kubeconfig/file.ts';
import type {Kubeconfig} from '../kubeconfig/load.ts';
import type {CredentialSecrets, Credentials} from '../secrets.ts';
import {execInfo} from './exec-info.ts';
import {basic, bearer, impersonationHeaders} from './headers.ts';
import {createOidcProvider} from './oidc.ts';
import {createPlugin} from './plugin.ts';
import {authorityOf, checkPair, tlsOf} from './tls.ts';

/** Hands out credentials; reads them again when they are older than ten seconds or have ended, since they rotate. */
export interface CredentialSource {
  current(): Promise<Credentials>;
  /** These were not accepted: they are forgotten, unless others have taken their place meanwhile. */
  forget(used: Credentials): void;
  /** Why credentials may not be accepted, as far as they tell: "the client certificate expired on …". */
  problem(used: Credentials): string | undefined;
  /** Ends what still runs for it. */
  close(): void;
}

const keptFor = 10_000;

/**
 * Credentials from a kubeconfig, as kubectl sends them: certificates, and one of token, token file, password, plugin
 * and OIDC provider; over plain http none of them, only the user to impersonate. What is handed out is learned by
 * `secrets` first.
 */
export function createCredentialSource(
  kubeconfig: Kubeconfig,
  {clock, secrets, env}: {clock: Clock; secrets: CredentialSecrets; env: Readonly<Record<string, string | undefined>>},
): CredentialSource {
  const {cluster, credentials: user, server} = kubeconfig;
  const identity = identityOf(kubeconfig, clock, env);
  const impersonation = impersonationHeaders(user);
  const secure = server.toLowerCase().startsWith('https:');
  let kept: {at: number; credentials: Promise<Credentials>} | undefined;
  let latest: Credentials | undefined;

  const ask = async (): Promise<Credentials> => {
    const [tls, given] = await Promise.all([tlsOf(cluster, user), identity.give()]);
    const credentials = {headers: {...given.headers, ...impersonation}, tls: {...tls, ...given.tls}};
    secrets.learn(credentials);
    checkPair(credentials.tls);
    latest = credentials;
    return credentials;
  };
  const current = () => {
    if (kept === undefined || clock.mono() - kept.at > keptFor || identity.isOver()) {
      kept = {at: clock.mono(), credentials: secure ? ask() : Promise.resolve({headers: impersonation, tls: {}})};
    }
    const {credentials} = kept;
    // A failure is not kept: the next call asks again.
    credentials.catch(() => {
      if (kept?.credentials === credentials) kept = undefined;
    });
    return credentials;
  };
  return {
    current,
    forget: (used) => {
      // Of several calls that were refused at once, the first one has seen to it.
      if (used !== latest) return;
      kept = undefined;
      identity.forget();
    },
    problem: (used) => expiry(used, clock.wall()),
    close: () => identity.close(),
  };
}

/** Who we are to the API server, certificates of the kubeconfig apart. */
interface Identity {
  give(): Promise<{headers: OutgoingHttpHeaders; tls?: ConnectionOptions}>;
  isOver(): boolean;
  forget(): void;
  close(): void;
}

const nothing = () => undefined;
const lasting = {isOver: () => false, forget: nothing, close: nothing};

/** The one way in which a user shows who it is. As kubectl: a plugin is for users that have nothing else. */
function identityOf(
  {cluster, credentials: user, server}: Kubeconfig,
  clock: Clock,
  env: Readonly<Record<string, string | undefined>>,
): Identity {
  const {exec, 'auth-provider': provider} = user;
  const has = (key: string) => text(user[key]) !== '';
  if (has('tokenFile')) return {...lasting, give: tokenOfFile(text(user.tokenFile), text(user.token))};
  if (has('token')) return {...lasting, give: async () => ({headers: bearer(text(user.token))})};
  if (has('username')) {
    return {...lasting, give: async () => ({headers: basic(text(user.username), text(user.password))})};
  }
  if (isJsonObject(provider)) {
    const oidc = createOidcProvider(provider);
    return {...lasting, forget: oidc.forget, give: async () => ({headers: bearer(await oidc.token())})};
  }
  const hasCertificate = has('client-certificate') || has('client-certificate-data');
  if (!isJsonObject(exec) || hasCertificate) return {...lasting, give: async () => ({headers: {}})};
  const info = async () => execInfo(exec, {server, cluster}, await authorityOf(cluster));
  const plugin = createPlugin(exec, {clock, env, info});
  return {
    ...plugin,
    give: async () => {
      const {token, cert, key} = await plugin.answer();
      return {headers: token === undefined ? {} : bearer(token), tls: cert === undefined ? {} : {cert, key}};
    },
  };
}

/** A token that is read again each time; what was read last stays good when the file cannot be read for a while. */
function tokenOfFile(file: string, token: string): Identity['give'] {
  let last = token;
  return async () => {
    try {
      last = (await readFile(file, 'utf8')).trim() || last;
    } catch (error) {
      if (last === '') throw error;
    }
    if (last === '') throw new Error(`the token file ${file} is empty`);
    return {headers: bearer(last)};
  };
}

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
