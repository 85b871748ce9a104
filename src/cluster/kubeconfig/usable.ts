import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {text} from './file.ts';
import {isProxyUrl} from './proxy.ts';

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const modes = ['Never', 'IfAvailable', 'Always'];

/** The address of a cluster as a URL, as kubectl completes it: `host:port` is plain http. Undefined when it is none. */
export function serverUrl(written: string): string | undefined {
  const complete = /^[a-z][a-z\d+.-]*:\/\/[^/]/i.test(written) ? written : `http://${written}`;
  if (!URL.canParse(complete)) return undefined;
  const url = new URL(complete);
  if (!['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  if (complete !== written && url.pathname !== '/') return undefined;
  // Neither is sent; the path is where the API begins.
  return complete.replace(/[?#].*$/s, '');
}

/** Why a kubeconfig's cluster cannot be used, in words; undefined when it can. kubectl refuses the same. */
export function refusedCluster(cluster: JsonObject): string | undefined {
  const both = bothOf(cluster, ['certificate-authority']);
  if (both !== undefined) return both;
  const authority = text(cluster['certificate-authority']) || text(cluster['certificate-authority-data']);
  if (authority !== '' && cluster['insecure-skip-tls-verify'] === true) {
    return 'it has a certificate-authority, and insecure-skip-tls-verify asks not to use it';
  }
  const proxy = text(cluster['proxy-url']);
  if (proxy !== '' && !isProxyUrl(proxy)) {
    return 'its proxy-url is no http, https or socks5 URL';
  }
  return undefined;
}

/**
 * Why a kubeconfig's user cannot be used, in words; undefined when it can. kubectl refuses the same, a plugin that
 * must have a terminal apart. Over plain http no credentials are sent, so it does not matter which kind they are.
 */
export function refusedUser(user: JsonObject, secure: boolean): string | undefined {
  const has = (key: string) => text(user[key]) !== '';
  const both = bothOf(user, ['client-certificate', 'client-key']);
  if (both !== undefined) return both;
  if ((has('client-certificate') || has('client-certificate-data')) && !(has('client-key') || has('client-key-data'))) {
    return 'it has a client-certificate without a client-key';
  }
  if ((has('token') || has('tokenFile')) && (has('username') || has('password'))) {
    return 'it has a token and a password: only one can be sent';
  }
  if (has('password') && !has('username')) return 'it has a password without a username';
  const impersonates = ['as-uid', 'as-groups', 'as-user-extra'].find((key) => !isEmpty(user[key]));
  if (impersonates !== undefined && !has('as')) return `it has ${impersonates} without "as"`;
  const {exec, 'auth-provider': provider} = user;
  if (isJsonObject(exec) && isJsonObject(provider)) return 'it has an auth-provider and an exec plugin';
  if (isJsonObject(provider) && secure) return refusedProvider(provider, has('token') || has('tokenFile'));
  return isJsonObject(exec) ? refusedPlugin(exec, secure) : undefined;
}

function refusedProvider({name, config}: JsonObject, hasToken: boolean): string | undefined {
  if (name !== 'oidc') {
    return `its auth-provider "${text(name)}" is none that kubectl has any more: write the user again with its exec plugin`;
  }
  const settings = isJsonObject(config) ? config : {};
  const missing = ['idp-issuer-url', 'client-id'].find((key) => text(settings[key]) === '');
  if (missing !== undefined) return `its auth-provider oidc has no ${missing}`;
  if (hasToken || text(settings['id-token']) !== '' || text(settings['refresh-token']) !== '') return undefined;
  return 'its auth-provider oidc has neither an id-token nor a refresh-token: log in again';
}

function refusedPlugin({apiVersion, command, interactiveMode, env}: JsonObject, secure: boolean): string | undefined {
  const version = text(apiVersion);
  if (text(command) === '') return 'its exec plugin has no command';
  if (version === '') return 'its exec plugin has no apiVersion';
  if (Array.isArray(env) && env.some((item) => !isJsonObject(item) || text(item.name) === '')) {
    return 'its exec plugin has a variable in env without a name';
  }
  // Only the first version demands it: the ones before it have IfAvailable for a default.
  const mode = text(interactiveMode) || (version === versions[0] ? '' : 'IfAvailable');
  if (!modes.includes(mode)) return `the interactiveMode of its exec plugin is none of ${modes.join(', ')}`;
  if (!secure) return undefined;
  if (!versions.includes(version)) {
    return `its exec plugin speaks ${version}: kubectl and kubedrill speak ${versions.join(' and ')}`;
  }
  return mode === 'Always' ? 'its exec plugin wants a terminal (interactiveMode: Always)' : undefined;
}

function bothOf(entry: JsonObject, keys: readonly string[]): string | undefined {
  const key = keys.find((one) => text(entry[one]) !== '' && text(entry[`${one}-data`]) !== '');
  return key === undefined ? undefined : `it has both ${key} and ${key}-data`;
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'object' ? Object.keys(value).length === 0 : value === '');
