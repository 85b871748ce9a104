import type {OutgoingHttpHeaders} from 'node:http';
import type {ConnectionOptions} from 'node:tls';
import {messageOf} from '../io/errors.ts';
import {isJsonObject, type Json, type JsonObject} from '../io/json.ts';
import {createRedactor} from '../io/redact.ts';
import type {Kubeconfig} from './kubeconfig/load.ts';

/** What a request needs to be accepted. */
export interface Credentials {
  headers: OutgoingHttpHeaders;
  tls: ConnectionOptions;
}

/** What must never be shown of a connection's credentials: of the kubeconfig at once, of a plugin when it answers. */
export interface CredentialSecrets {
  /** Learns what a call is sent with. */
  learn(credentials: Credentials): void;
  /** Tells everything known, and from then on everything new. */
  tell(listener: (secret: string) => void): void;
  /** A text without them. */
  text(text: string): string;
  /** An error without them, for a cause: what a plugin or a parser says may quote what it was given. */
  error(thrown: unknown): Error;
}

/** Members of a kubeconfig's user that are secrets as they stand there. */
const members = ['token', 'password', 'client-key-data'] as const;

/** Collects the secrets of a kubeconfig's chosen cluster and user, the environment of its plugin included. */
export function createCredentialSecrets({credentials, proxy}: Pick<Kubeconfig, 'credentials' | 'proxy'>) {
  const redactor = createRedactor();
  const known = new Set<string>();
  const listeners: ((secret: string) => void)[] = [];
  const add = (value: Json | undefined) => {
    const secret = typeof value === 'string' ? value.trim() : '';
    if (secret === '' || known.has(secret)) return;
    known.add(secret);
    redactor.add(secret);
    for (const listener of listeners) listener(secret);
  };
  for (const member of members) add(credentials[member]);
  for (const member of ['client-key-data', 'client-certificate-data']) {
    const pem = decoded(credentials[member]);
    // The certificate itself is public; some keep their key beside it.
    if (member === 'client-key-data') add(pem);
    else for (const [key] of pem.matchAll(privateKey)) add(key);
  }
  addTexts(objectOf(credentials['auth-provider']).config, add);
  const {env, args} = objectOf(credentials.exec);
  for (const item of Array.isArray(env) ? env : []) add(objectOf(item).value);
  for (const secret of secretsOfArgs(Array.isArray(args) ? args : [])) add(secret);
  for (const secret of secretsOfUrl(proxy)) add(secret);

  const secrets: CredentialSecrets = {
    learn: ({headers, tls}) => {
      for (const value of [headers.authorization, headers.Authorization]) addAuthorization(value, add);
      const {key, passphrase} = tls;
      add(Buffer.isBuffer(key) ? key.toString('utf8') : typeof key === 'string' ? key : undefined);
      add(passphrase);
    },
    tell: (listener) => {
      listeners.push(listener);
      for (const secret of known) listener(secret);
    },
    text: redactor.text,
    error: (thrown) => new Error(redactor.text(messageOf(thrown))),
  };
  return secrets;
}

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g;

/** `Bearer <token>`, or `Basic` with the password in it. */
function addAuthorization(header: unknown, add: (secret: string) => void): void {
  const [scheme = '', value = ''] = typeof header === 'string' ? header.split(' ', 2) : [];
  if (value === '') return;
  add(value);
  if (scheme.toLowerCase() !== 'basic') return;
  const pair = decoded(value);
  add(pair);
  add(pair.slice(pair.indexOf(':') + 1));
}

/** Every text of a provider's settings but addresses: tokens stand beside client ids under names of its own. */
function addTexts(value: Json | undefined, add: (secret: string) => void): void {
  for (const item of Object.values(objectOf(value))) {
    if (typeof item === 'string' && !URL.canParse(item)) add(item);
  }
}

const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const decoded = (value: Json | undefined): string =>
  typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '';

/** Values of a plugin's flags that are called a secret: `--oidc-client-secret=…`, or in the next argument. */
function secretsOfArgs(args: readonly Json[]): (Json | undefined)[] {
  const flag = /^--?[\w-]*(?:secret|password|passwd|token|api-?key)(?:=(.*))?$/is;
  return args.flatMap((arg, index) => {
    const found = typeof arg === 'string' ? flag.exec(arg) : null;
    return found === null ? [] : [found[1] ?? args[index + 1]];
  });
}

/** The password in a URL, as it stands there and as it is sent. */
function secretsOfUrl(url: string | undefined): string[] {
  const {username, password} = url !== undefined && URL.canParse(url) ? new URL(url) : {username: '', password: ''};
  if (password === '') return [];
  const plain = decodeURIComponent(password);
  return [password, plain, Buffer.from(`${decodeURIComponent(username)}:${plain}`).toString('base64')];
}
