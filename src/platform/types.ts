import type {Readable} from 'node:stream';
import type {ExecResult} from '../io/exec.ts';

/** A machine below the Kubernetes API, matched with its Node object. */
export interface PlatformNode {
  /** Name of its Node object. */
  name: string;
  roles: readonly string[];
  address: string;
  /** Equal to `nodeInfo.machineID` of its Node object; empty where the node has none. */
  machineId: string;
  state: 'running' | 'paused' | 'stopped' | 'unreachable';
}

/** Every call ends at `timeout` (milliseconds) or when `signal` aborts. */
export interface PlatformCallOptions {
  signal: AbortSignal;
  timeout: number;
}

/** What a folder on a node holds. */
export interface NodeFile {
  name: string;
  kind: 'file' | 'folder' | 'other';
  /** Bytes. */
  size: number;
  /** Permission bits. */
  mode: number;
}

/** What lies under the Kubernetes API and is reached without it. Reads only. */
export interface Platform {
  readonly kind: 'kind' | 'k3d' | 'ssh' | 'practice';
  readonly distribution: 'kubeadm' | 'k3s';
  nodes(options: PlatformCallOptions): Promise<PlatformNode[]>;
  /** The bytes of a file. */
  read(node: string, path: string, options: PlatformCallOptions): Promise<Readable>;
  list(node: string, folder: string, options: PlatformCallOptions): Promise<NodeFile[]>;
  /** Undefined where there is none. */
  stat(node: string, path: string, options: PlatformCallOptions): Promise<NodeFile | undefined>;
  /** Runs a program on a node. It must not change anything. */
  exec(node: string, argv: readonly string[], options: PlatformCallOptions): Promise<ExecResult>;
}

/** Changes a platform. Reached only inside `ctx.mutate`. One method call is one intent, never retried. */
export interface PlatformWriter {
  exec(node: string, argv: readonly string[], options: PlatformCallOptions): Promise<ExecResult>;
  /** Writes a file and reads it back; resolves with what was read. */
  put(
    node: string,
    path: string,
    content: Readable,
    options: PlatformCallOptions & {mode: number},
  ): Promise<{size: number; sha256: string}>;
  rename(node: string, from: string, to: string, options: PlatformCallOptions): Promise<void>;
  remove(node: string, path: string, options: PlatformCallOptions): Promise<void>;
  power(
    node: string,
    change: 'kill' | 'stop' | 'start' | 'pause' | 'resume',
    options: PlatformCallOptions,
  ): Promise<void>;
  network(node: string, change: 'disconnect' | 'connect', options: PlatformCallOptions): Promise<void>;
}
