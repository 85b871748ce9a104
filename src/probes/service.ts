import type {Address} from '../io/dial.ts';

/** `namespace/name[:port]`, as probes name a Service. */
export const servicePattern = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\/([a-z](?:[-a-z0-9]*[a-z0-9])?)(?::(\d{1,5}))?$/;

/**
 * The cluster name and port of a Service. The cluster's domain is taken from the search list (`svc.<domain>`), else
 * `cluster.local`; the name is absolute, so one lookup settles it.
 */
export function serviceAddress(
  text: string,
  searchDomains: readonly string[] | undefined,
  defaultPort: number,
): Address {
  const [, namespace, name, port] = servicePattern.exec(text) ?? [];
  const domain = searchDomains?.find((entry) => entry.startsWith('svc.'))?.slice('svc.'.length) ?? 'cluster.local';
  return {
    host: `${name}.${namespace}.svc.${domain.replace(/\.$/, '')}.`,
    port: port === undefined ? defaultPort : Number(port),
  };
}

/** The same Service at a port where nothing listens. */
export function atClosedPort(service: string): string {
  return service.replace(/(?::(\d+))?$/, (_match, port: string | undefined) => `:${closedPort(Number(port))}`);
}

/** A port that nothing serves: 1 (tcpmux, long dead), or 2 when the probe itself asks port 1. */
export const closedPort = (port: number) => (port === 1 ? 2 : 1);
