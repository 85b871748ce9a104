import {readFile} from 'node:fs/promises';
import type {Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Clock} from '../../io/clock.ts';
import {systemClock} from '../../io/clock.ts';
import {type Address, type Dial, directDial} from '../../io/dial.ts';
import {messageOf, UsageError} from '../../io/errors.ts';
import {configFile} from './protocol.ts';
import {serveProber} from './serve.ts';

/** The part of a practice container's context that the prober uses. */
interface Container {
  files: (path: string) => string | undefined;
  print(line: string): void;
  signal: AbortSignal;
  dial: Dial;
  publish(port: number, protocol: 'tcp', actual: Address): () => void;
  clock: Clock;
}

/** Address of the practice cluster's DNS Service, which its pods have in resolv.conf. */
const practiceNameserver = '10.96.0.10';

/** The prober as a program of the practice cluster: sockets are loopback ports that stand for the pod's. */
export const proberProgram = (container: Container): Promise<number> =>
  serveProber({
    config: container.files(configFile) ?? '',
    print: (line) => container.print(line),
    signal: container.signal,
    clock: container.clock,
    dial: container.dial,
    nameserver: practiceNameserver,
    searchDomains: ['kubedrill.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
    listen: async (server, port) => {
      const bound = await listening(server, 0, '127.0.0.1');
      const unpublish = container.publish(port, 'tcp', {host: '127.0.0.1', port: bound.port});
      return () => {
        unpublish();
        server.close();
      };
    },
  });

/** The prober as the process of a pod: configuration from a file, resolver from resolv.conf, lines to `print`. */
export async function runProber(options: {
  config: string;
  print: (line: string) => void;
  signal: AbortSignal;
}): Promise<number> {
  const [config, resolver] = await Promise.all([
    readFile(options.config, 'utf8').catch((cause: unknown) => {
      throw new UsageError(`the prober's configuration ${options.config} cannot be read: ${messageOf(cause)}`, {
        code: 'E_PROBER_CONFIG',
        hint: 'This command runs inside a pod that `kubedrill run` creates; there is no need to call it by hand.',
        cause,
      });
    }),
    readFile('/etc/resolv.conf', 'utf8').catch(() => ''),
  ]);
  return await serveProber({
    ...options,
    config,
    clock: systemClock,
    dial: directDial,
    ...parseResolvConf(resolver),
    listen: async (server, port) => {
      await listening(server, port);
      return () => server.close();
    },
  });
}

/** The first nameserver and the search list of a resolv.conf; the last `search` line counts, as in libc. */
export function parseResolvConf(text: string): {nameserver?: string; searchDomains: string[]} {
  let nameserver: string | undefined;
  let searchDomains: string[] = [];
  for (const line of text.split('\n')) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === 'nameserver') nameserver ??= values[0];
    if (key === 'search') searchDomains = values;
  }
  return {...(nameserver === undefined ? {} : {nameserver}), searchDomains};
}

function listening(server: Server, port: number, host?: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Without a host: on every address, IPv6 included where there is one.
    server.listen({port, ...(host === undefined ? {} : {host})}, () => resolve(server.address() as AddressInfo));
  });
}
