import type {OutgoingHttpHeaders} from 'node:http';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {text} from '../kubeconfig/file.ts';

/** `as` and what belongs to it. A drill must not run with other rights than the kubeconfig gives. */
export function impersonationHeaders(credentials: JsonObject): OutgoingHttpHeaders {
  const user = text(credentials.as);
  if (user === '') return {};
  const uid = text(credentials['as-uid']);
  const groups = texts(credentials['as-groups']);
  const extra = credentials['as-user-extra'];
  const extras = Object.entries(isJsonObject(extra) ? extra : {}).filter(([, values]) => texts(values).length > 0);
  return {
    'Impersonate-User': bytes(user),
    ...(uid === '' ? {} : {'Impersonate-Uid': bytes(uid)}),
    ...(groups.length === 0 ? {} : {'Impersonate-Group': groups.map(bytes)}),
    ...Object.fromEntries(
      extras.map(([key, values]) => [`Impersonate-Extra-${escaped(key)}`, texts(values).map(bytes)]),
    ),
  };
}

/** The header for a token. */
export const bearer = (token: string): OutgoingHttpHeaders => ({authorization: `Bearer ${bytes(token)}`});

/** The header for a name and a password. */
export const basic = (username: string, password: string): OutgoingHttpHeaders => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

/** Node takes each character of a header for a byte; Kubernetes wants UTF-8. */
const bytes = (value: string): string => Buffer.from(value, 'utf8').toString('latin1');

/** The name of an extra as part of a header's: bytes that may not stand there as `%XX`, as client-go does it. */
const escaped = (key: string): string =>
  [...Buffer.from(key, 'utf8')]
    .map((byte) => ({byte, character: String.fromCharCode(byte)}))
    .map(({byte, character}) =>
      /[\w!#$&'*+.^`|~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');

const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
