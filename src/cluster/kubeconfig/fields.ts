import {isJsonObject, type Json} from '../../io/json.ts';

/** What may stand in a field: a text, a flag, base64, or something made of fields. */
export type Shape =
  | 'text'
  | 'flag'
  | 'data'
  | 'anything'
  | {listOf: Shape}
  | {mapOf: Shape}
  | {fields: Readonly<Record<string, Shape>>};

const extensions: Shape = {listOf: {fields: {name: 'text', extension: 'anything'}}};

const cluster: Shape = {
  fields: {
    server: 'text',
    'tls-server-name': 'text',
    'insecure-skip-tls-verify': 'flag',
    'certificate-authority': 'text',
    'certificate-authority-data': 'data',
    'proxy-url': 'text',
    'disable-compression': 'flag',
    extensions,
  },
};

const exec: Shape = {
  fields: {
    command: 'text',
    args: {listOf: 'text'},
    env: {listOf: {fields: {name: 'text', value: 'text'}}},
    apiVersion: 'text',
    installHint: 'text',
    provideClusterInfo: 'flag',
    interactiveMode: 'text',
  },
};

const user: Shape = {
  fields: {
    'client-certificate': 'text',
    'client-certificate-data': 'data',
    'client-key': 'text',
    'client-key-data': 'data',
    token: 'text',
    tokenFile: 'text',
    as: 'text',
    'as-uid': 'text',
    'as-groups': {listOf: 'text'},
    'as-user-extra': {mapOf: {listOf: 'text'}},
    username: 'text',
    password: 'text',
    'auth-provider': {fields: {name: 'text', config: {mapOf: 'text'}}},
    exec,
    extensions,
  },
};

const context: Shape = {fields: {cluster: 'text', user: 'text', namespace: 'text', extensions}};

/** Every field of a kubeconfig, `v1`. What is no field is passed over, as kubectl does. */
export const kubeconfigShape: Shape = {
  fields: {
    kind: 'text',
    apiVersion: 'text',
    preferences: {fields: {colors: 'flag', extensions}},
    clusters: {listOf: {fields: {name: 'text', cluster}}},
    users: {listOf: {fields: {name: 'text', user}}},
    contexts: {listOf: {fields: {name: 'text', context}}},
    'current-context': 'text',
    extensions,
  },
};

/** What a credential plugin answers with, `client.authentication.k8s.io/v1` and `v1beta1`. */
export const execCredentialShape: Shape = {
  fields: {
    kind: 'text',
    apiVersion: 'text',
    // What the plugin was told; some repeat it.
    spec: 'anything',
    status: {
      fields: {
        expirationTimestamp: 'text',
        token: 'text',
        clientCertificateData: 'text',
        clientKeyData: 'text',
      },
    },
  },
};

const words = {text: 'is no text', flag: 'is neither true nor false', data: 'is no base64'};
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Where a value is not of a shape, and why: `users[0].user.token is no text`. Never quotes the value. What is null is
 * as good as absent, as Go reads it.
 */
export function mismatch(shape: Shape, value: Json | undefined, path = ''): string | undefined {
  if (value === undefined || value === null || shape === 'anything') return undefined;
  if (typeof shape === 'string') return fits(shape, value) ? undefined : `${path} ${words[shape]}`;
  if ('listOf' in shape) {
    if (!Array.isArray(value)) return `${path} is no list`;
    return firstOf(value.map((item, index) => () => mismatch(shape.listOf, item, `${path}[${index}]`)));
  }
  if (!isJsonObject(value)) return `${path} is no mapping`;
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  const members = 'mapOf' in shape ? Object.keys(value).map((key) => [key, shape.mapOf] as const) : entriesOf(shape);
  return firstOf(
    members.map(
      ([key, member]) =>
        () =>
          mismatch(member, value[key], below(key)),
    ),
  );
}

const entriesOf = ({fields}: {fields: Readonly<Record<string, Shape>>}) => Object.entries(fields);

const fits = (shape: 'text' | 'flag' | 'data', value: Json): boolean => {
  if (shape === 'flag') return typeof value === 'boolean';
  return typeof value === 'string' && (shape === 'text' || base64.test(value.replace(/[\r\n]/g, '')));
};

function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}
