import {answers} from './answers.ts';
import {servers} from './clusters.ts';
import {general} from './general.ts';
import {impersonation} from './impersonation.ts';
import {plugins} from './plugins.ts';
import {proxied} from './proxies.ts';
import type {Row} from './row.ts';
import type {Servers} from './servers.ts';
import {users} from './users.ts';

/** The table: every field of the format, what comes of it, and where kubectl does something else. */
export const rows = (at: Servers): Row[] => [
  ...general(at.https),
  ...servers(at),
  ...proxied(at),
  ...users(at.http),
  ...impersonation(),
  ...plugins(at.https, at.http),
  ...answers(),
];
