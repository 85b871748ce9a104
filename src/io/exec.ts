/** Starts programs outside the cluster, always from an argument array, never through a shell. */
export interface Exec {
  run(argv: readonly string[], options: ExecOptions): Promise<ExecResult>;
}

export interface ExecOptions {
  signal?: AbortSignal;
  /** Milliseconds; the process and its descendants are killed then. */
  timeout: number;
  cwd?: string;
  /** Added to the inherited environment. */
  env?: Readonly<Record<string, string>>;
  stdin?: string;
}

export interface ExecResult {
  /** Absent when a signal ended the process. */
  exitCode?: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  durationMs: number;
}
