/** A socket address to connect to. `host` may be a name or an address. */
export interface Address {
  host: string;
  port: number;
}

/**
 * Where to connect for an address that a scenario or the cluster names. On a real network it is the address itself;
 * on the practice cluster ClusterIPs and pod IPs are loopback ports, and this maps them.
 * Rejects when the address has no listener (connection refused).
 */
export type Dial = (address: Address, protocol: 'tcp' | 'udp') => Promise<Address>;

/** The real network: every address is where it says. */
export const directDial: Dial = (address) => Promise.resolve(address);
