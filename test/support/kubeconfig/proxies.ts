import {type Row, sesame, verified} from './row.ts';
import type {Servers} from './servers.ts';

const named = (server: string) => server.replace('127.0.0.1', 'api.cluster.corp.invalid');

/** What is on the way. */
export const proxied = ({https, http, proxies}: Pick<Servers, 'https' | 'http' | 'proxies'>): Row[] => {
  const far = {server: named(https), ...verified('server.crt'), 'tls-server-name': 'localhost'};
  const shown = `Basic ${Buffer.from('me:p/w').toString('base64')}`;
  const about = ['clusters.cluster.proxy-url'];
  return [
    {
      about,
      does: 'is the way for https',
      cluster: {...far, 'proxy-url': proxies.http},
      outcome: {sends: {...sesame, sni: 'localhost', proxy: 'http'}},
    },
    {
      about,
      does: 'is the way for http',
      cluster: {server: named(http), 'proxy-url': proxies.http},
      outcome: {sends: {plain: true, proxy: 'http', path: '/readyz'}},
    },
    {
      about,
      does: 'may speak TLS, with the same trust',
      cluster: {...far, 'tls-server-name': undefined, server: https, 'proxy-url': proxies.https},
      outcome: {sends: {...sesame, proxy: 'https'}},
    },
    {
      about,
      does: 'may be SOCKS5, which looks the name up',
      cluster: {...far, 'proxy-url': proxies.socks5},
      outcome: {sends: {...sesame, proxy: 'socks5 to api.cluster.corp.invalid'}},
    },
    {
      about,
      does: 'may be SOCKS5 for http',
      cluster: {server: named(http), 'proxy-url': proxies.socks5},
      outcome: {sends: {plain: true, proxy: 'socks5 to api.cluster.corp.invalid'}},
    },
    {
      about,
      does: 'is shown its password',
      cluster: {...far, 'proxy-url': proxies.http.replace('//', '//me:p%2Fw@')},
      outcome: {sends: {proxy: `http as ${shown}`}},
    },
    {
      about,
      does: 'is the way to this machine, too',
      cluster: {'proxy-url': proxies.http},
      outcome: {sends: {proxy: 'http'}},
    },
    {about, does: 'is no other kind', cluster: {'proxy-url': 'socks4://127.0.0.1:1'}, outcome: {refuses: /proxy-url/}},
    {
      about,
      does: 'goes before the environment',
      cluster: {...far, 'proxy-url': proxies.http},
      env: {HTTPS_PROXY: 'http://127.0.0.1:1'},
      outcome: {sends: {proxy: 'http'}},
    },
    {
      about,
      does: 'is that of the environment without',
      cluster: far,
      env: {HTTPS_PROXY: proxies.http.replace('http://', '')},
      outcome: {sends: {...sesame, proxy: 'http'}},
    },
    {
      about,
      does: 'is that of the environment for http',
      cluster: {server: named(http)},
      env: {http_proxy: proxies.http},
      outcome: {sends: {plain: true, proxy: 'http'}},
    },
    {
      about,
      does: 'is none by the environment to this machine',
      env: {HTTPS_PROXY: proxies.http},
      outcome: {sends: {...sesame, proxy: undefined}},
    },
    {
      about,
      does: 'is none by NO_PROXY',
      cluster: far,
      env: {HTTPS_PROXY: proxies.http, NO_PROXY: 'corp.invalid'},
      outcome: {refuses: /no such host|does not resolve|resolver|lookup/},
    },
    {
      about,
      does: 'is no other kind in the environment',
      cluster: far,
      env: {HTTPS_PROXY: 'ftp://127.0.0.1:1'},
      outcome: {refuses: /HTTPS_PROXY/},
      kubectl: {refuses: /was refused/, why: 'kubectl takes it for an HTTP proxy'},
    },
  ];
};
