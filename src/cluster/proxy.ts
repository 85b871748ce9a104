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
  if (proxy === '' || isLoopback(host)) return undefined;
  if (isExcepted(either('NO_PROXY'), host, port || (protocol === 'https:' ? '443' : '80'))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** `*`; addresses and networks; names, which stand for those below them as well; each with a port or without. */
function isExcepted(list: string, host: string, port: string): boolean {
  return list.split(',').some((item) => {
    const entry = item.trim().toLowerCase();
    if (entry === '' || entry === '*') return entry === '*';
    if (entry.includes('/')) return isIn(entry, host);
    const [, name = entry, itsPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
    if (itsPort !== undefined && itsPort !== port) return false;
    const bare = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
    if (isIP(bare) > 0 || isIP(host) > 0) return bare === host;
    return bare.startsWith('.') ? host.endsWith(bare) : host === bare || host.endsWith(`.${bare}`);
  });
}

function isIn(network: string, host: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const [family, own] = [isIP(address), isIP(host)];
  if (family === 0 || family !== own || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(bits), type);
  return list.check(host, type);
}
