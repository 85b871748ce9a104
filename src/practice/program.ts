import type {Clock} from '../io/clock.ts';
import type {Address, Dial} from '../io/dial.ts';

/**
 * What a container does. Resolves with the exit code; must stop soon after `ctx.signal` aborts and at once when
 * `ctx.killed` does. Whatever it opened it must close. Throwing is an exit with code 1.
 */
export type ContainerProgram = (ctx: ContainerContext) => Promise<number>;

export interface ContainerContext {
  image: string;
  /** `command` and `args` of the container, in that order. */
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  /** The text of a file from a mounted ConfigMap or Secret, by absolute path. */
  files: (path: string) => string | undefined;
  pod: {
    name: string;
    namespace: string;
    uid: string;
    ip: string;
    node: string;
    labels: Readonly<Record<string, string>>;
  };
  /** Writes one line to the container's log. */
  print(line: string): void;
  /** Aborted at SIGTERM. */
  signal: AbortSignal;
  /** Aborted at SIGKILL, after the grace period. */
  killed: AbortSignal;
  /** Reaches ClusterIPs, pod IPs and the cluster's nameserver (10.96.0.10:53). */
  dial: Dial;
  /**
   * Says that a socket which the program bound on a loopback port of its choice stands for `podIP:port`.
   * The returned function takes that back; it is also taken back when the container ends.
   */
  publish(port: number, protocol: 'tcp' | 'udp', actual: Address): () => void;
  clock: Clock;
}
