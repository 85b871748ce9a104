import {BlockList, isIP} from 'node:net';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a server, as Go's net/http and so kubectl reads it: `HTTPS_PROXY` or
 * `HTTP_PROXY` by the server's scheme, less what `NO_PROXY` names, in capitals or not. `ALL_PROXY` is not among them.
 * This machine is never reached through a proxy.
 */
export function proxyOf(server: string, env: Env): string | undefined {
  if (!URL.canParse(server)) return undefined;
  const {protocol, hostname, port} = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const either = (name: string) => env[name] || env[name.toLowerCase()] || '';
  const proxy = either(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === '' || host === 'localhost' || isAmong(['127.0.0.0/8', '::1/128'], host)) return undefined;
  if (isExcepted(either('NO_PROXY'), host, port || (protocol === 'https:' ? '443' : '80'))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** Whether there is a proxy by this URL that kubectl would go through; `socks5h` only in the environment. */
export function isProxyUrl(proxy: string, ...more: readonly string[]): boolean {
  return URL.canParse(proxy) && ['http:', 'https:', 'socks5:', ...more].includes(new URL(proxy).protocol);
}

/** `*`; addresses and networks; names, which stand for those below them as well; each with a port or without. */
function isExcepted(list: string, host: string, port: string): boolean {
  return list.split(',').some((item) => {
    const entry = item.trim().toLowerCase();
    if (entry === '' || entry === '*') return entry === '*';
    if (entry.includes('/')) return isAmong([entry], host);
    // What has a colon too many is an address without a port.
    const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(entry);
    const [name, itsPort] = parts ? [parts[1] ?? parts[2] ?? '', parts[3]] : [entry, ''];
    if (name === '' || (itsPort !== '' && itsPort !== port)) return false;
    if (isIP(name) > 0) return isAmong([`${name}/${isIP(name) === 4 ? 32 : 128}`], host);
    const domain = name.replace(/^\*(?=\.)/, '');
    if (isIP(host) > 0) return false;
    return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
  });
}

/** Whether a host is an address in one of these networks. What is no network has nothing in it. */
function isAmong(networks: readonly string[], host: string): boolean {
  if (isIP(host) === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    const family = isIP(address);
    if (family === 0 || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) continue;
    list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  }
  return list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}
