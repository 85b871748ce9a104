import {describe, expect, test} from 'vitest';
import {proxyOf} from '../../../../src/cluster/kubeconfig/proxy.ts';

describe('the proxy of the environment', () => {
  const server = 'https://api.corp.example:6443';
  const set = {HTTPS_PROXY: 'http://proxy:3128', HTTP_PROXY: 'plain:80'};

  test.each<[string, Record<string, string>, string | undefined]>([
    [server, set, 'http://proxy:3128'],
    ['http://api.corp.example', set, 'http://plain:80'],
    [server, {https_proxy: 'socks5://s:1'}, 'socks5://s:1'],
    [server, {HTTP_PROXY: 'http://a', ALL_PROXY: 'http://b'}, undefined],
    ['https://127.0.0.1:6443', set, undefined],
    ['https://localhost', set, undefined],
    ['https://[::1]:6443', set, undefined],
    [server, {...set, NO_PROXY: '*'}, undefined],
    [server, {...set, no_proxy: 'other.example, corp.example'}, undefined],
    [server, {...set, NO_PROXY: '.corp.example'}, undefined],
    ['https://corp.example', {...set, NO_PROXY: '.corp.example'}, 'http://proxy:3128'],
    ['https://acorp.example', {...set, NO_PROXY: 'corp.example'}, 'http://proxy:3128'],
    [server, {...set, NO_PROXY: 'corp.example:443'}, 'http://proxy:3128'],
    [server, {...set, NO_PROXY: 'corp.example:6443'}, undefined],
    ['https://10.1.2.3:6443', {...set, NO_PROXY: '10.0.0.0/8'}, undefined],
    ['https://11.1.2.3', {...set, NO_PROXY: '10.0.0.0/8,1.2.3'}, 'http://proxy:3128'],
    ['https://[fd00::5]', {...set, NO_PROXY: 'fd00::/8'}, undefined],
    ['https://[fd00::5]', {...set, NO_PROXY: 'FD00:0:0::5'}, undefined],
    ['https://[fd00::5]', {...set, NO_PROXY: '[fd00::5]'}, 'http://proxy:3128'],
    ['https://[fd00::5]:6443', {...set, NO_PROXY: '[fd00::5]:6443'}, undefined],
    ['https://[::ffff:127.0.0.1]', set, undefined],
    ['https://10.1.2.3:6443', {...set, NO_PROXY: '10.1.2.3:1,10.0.0.0/33,:6443'}, 'http://proxy:3128'],
    [server, {...set, NO_PROXY: 'corp.example:'}, undefined],
    [server, {...set, NO_PROXY: 'corp.example:https'}, 'http://proxy:3128'],
    [server, {...set, NO_PROXY: '*.CORP.example'}, undefined],
    ['https://localhost.corp.example', set, 'http://proxy:3128'],
    [server, {...set, https_proxy: 'http://other'}, 'http://proxy:3128'],
  ])('%s with %j: %s', (url, env, expected) => {
    expect(proxyOf(url, env)).toBe(expected);
  });
});
