import {lookup, Resolver} from 'node:dns/promises';
import {isIP} from 'node:net';
import {AttemptError} from './attempt.ts';
import type {NetworkContext} from './define.ts';
import {parseServer, queryDns} from './dns-query.ts';

/** Dots from which a name is first asked as it stands; what kubelet writes into a pod's resolv.conf. */
const ndots = 5;

/**
 * The addresses of a host, asked anew each time: nothing is cached, nothing frozen.
 * With `ctx.nameserver` (in the prober) by our own query, completed with `ctx.searchDomains` as libc does; else by the
 * system's resolver. Rejects with the server's code (`NXDOMAIN`, `SERVFAIL`…), or the system's (`ENOTFOUND`).
 */
export async function addressesOf(ctx: NetworkContext, host: string, signal: AbortSignal): Promise<string[]> {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal)) return [literal];
  return ctx.nameserver === undefined ? askSystem(ctx, host, signal) : askServer(ctx, ctx.nameserver, host, signal);
}

async function askServer(
  ctx: NetworkContext,
  nameserver: string,
  host: string,
  signal: AbortSignal,
): Promise<string[]> {
  const server = parseServer(nameserver);
  let rcode = 'NXDOMAIN';
  for (const name of candidates(host, ctx.searchDomains ?? [])) {
    for (const type of ['A', 'AAAA'] as const) {
      const answer = await queryDns(ctx.dial, {server, protocol: 'udp', name, type}, signal);
      if (answer.answers.length > 0) return answer.answers;
      rcode = answer.rcode === 'NOERROR' ? 'NODATA' : answer.rcode;
      if (answer.rcode !== 'NOERROR') break;
    }
    // Only "there is no such name" leads on to the next candidate; a server that fails would fail again.
    if (rcode !== 'NXDOMAIN' && rcode !== 'NODATA') break;
  }
  throw new AttemptError(rcode, `${host}: ${rcode}`);
}

/** The names to ask for one host, in libc's order. */
function candidates(host: string, search: readonly string[]): string[] {
  if (host.endsWith('.')) return [host];
  const completed = search.map((domain) => `${host}.${domain}`);
  return host.split('.').length > ndots ? [host, ...completed] : [...completed, host];
}

/**
 * Asks the system's DNS servers directly, because getaddrinfo keeps one of libc's few threads for up to ten seconds
 * when a server is silent, and the samples after it would wait for that thread. Names that DNS does not know may stand
 * in the hosts file: those, and names without a dot, are left to getaddrinfo, which answers at once then.
 */
async function askSystem(ctx: NetworkContext, host: string, signal: AbortSignal): Promise<string[]> {
  if (host.replace(/\.$/, '').includes('.')) {
    const resolver = new Resolver({timeout: Math.max(1, Math.ceil(ctx.timeout)), tries: 1});
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel, {once: true});
    const unlessSilent = (error: unknown) => {
      if (signal.aborted || isTimeout(error)) throw error;
    };
    try {
      const found =
        (await resolver.resolve4(host).catch(unlessSilent)) ?? (await resolver.resolve6(host).catch(unlessSilent));
      if (found) return found;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }
  return (await lookup(host, {all: true})).map(({address}) => address);
}

const isTimeout = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ETIMEOUT';
