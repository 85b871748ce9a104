import {DrillError, ExitCode} from '../io/errors.ts';
import type {ClusterErrorReason} from './types.ts';

/** One call to the Kubernetes API that did not give what was asked. */
export class ClusterError extends DrillError {
  readonly reason: ClusterErrorReason;
  /** HTTP status; absent when no answer came. */
  readonly status: number | undefined;
  /** What the API server said, word for word. */
  readonly apiMessage: string | undefined;
  /** Seconds that the server asked to wait (Retry-After). */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    options: {
      reason: ClusterErrorReason;
      status?: number | undefined;
      apiMessage?: string | undefined;
      retryAfter?: number | undefined;
      hint?: string;
      cause?: unknown;
    },
  ) {
    const {reason, status, apiMessage, retryAfter, hint, cause} = options;
    super(message, reason === 'unreachable' || reason === 'timeout' ? ExitCode.refused : ExitCode.internal, {
      code: `E_CLUSTER_${reason.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      ...(hint === undefined ? {} : {hint}),
      cause,
    });
    this.reason = reason;
    this.status = status;
    this.apiMessage = apiMessage;
    this.retryAfter = retryAfter;
  }
}
