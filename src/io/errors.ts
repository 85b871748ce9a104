/** Exit codes of the program; the table is in docs/exit-codes.md. A higher row wins when several apply. */
export const ExitCode = {
  passed: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  dirty: 4,
  internal: 5,
  inconclusive: 6,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

interface DrillErrorOptions {
  /** Stable, upper case, for machines: `E_TARGET_NOT_FOUND`. */
  code: string;
  /** What the reader can do about it; a command where there is one. */
  hint?: string;
  cause?: unknown;
}

/**
 * Every failure that kubedrill can explain. The message says what failed, on what object and why;
 * `hint` says what to do.
 */
export class DrillError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode, {code, hint, cause}: DrillErrorOptions) {
    super(message, cause === undefined ? undefined : {cause});
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }

  /** One paragraph for a person: the message, then the hint. */
  explain(): string {
    return this.hint ? `${this.message}\n${this.hint}` : this.message;
  }

  /** For `-o json` and the journal; causes are flattened to their messages. */
  toJSON(): {code: string; message: string; hint?: string; causes?: string[]} {
    const causes = causeMessages(this.cause);
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : {hint: this.hint}),
      ...(causes.length === 0 ? {} : {causes}),
    };
  }
}

/** A wrong flag, config, kubeconfig or file name: exit 2. */
export class UsageError extends DrillError {
  constructor(message: string, options: DrillErrorOptions) {
    super(message, ExitCode.usage, options);
  }
}

/** A guard said no before any fault: exit 3. */
export class RefusedError extends DrillError {
  constructor(message: string, options: DrillErrorOptions) {
    super(message, ExitCode.refused, options);
  }
}

/** A step of a drill could not do what it says: exit 5 unless the verdict says otherwise. */
export class StepError extends DrillError {
  constructor(message: string, options: DrillErrorOptions) {
    super(message, ExitCode.internal, options);
  }
}

/** Our own bug, never the network's or the cluster's: exit 5. */
export class InternalError extends DrillError {
  constructor(message: string, options: Omit<DrillErrorOptions, 'code'> & {code?: string} = {}) {
    super(message, ExitCode.internal, {
      code: 'E_INTERNAL',
      hint: 'This is a bug in kubedrill. Please report it with the output of the same command and -vv.',
      ...options,
    });
  }
}

/** The messages of an error's causes, outermost first, at most ten. */
function causeMessages(cause: unknown): string[] {
  const messages: string[] = [];
  for (let next = cause; next !== undefined && next !== null && messages.length < 10; ) {
    messages.push(messageOf(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return messages;
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
