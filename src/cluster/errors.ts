import {DrillError, ExitCode} from '../io/errors.ts';
import type {ClusterErrorReason} from './types.ts';

/** One call to the Kubernetes API that did not give what was asked. */
export class ClusterError extends DrillError {
  readonly reason: ClusterErrorReason;
  /** HTTP status; absent when no answer came. */
  readonly status: number | undefined;
  /** What the API server said in a Status, word for word. */
  readonly apiMessage: string | undefined;
  /** Seconds that the server asked to wait (Retry-After). */
  readonly retryAfter: number | undefined;
  /** A short name of the cause for samples and tables: `ECONNREFUSED`, `503`. */
  readonly detail: string;

  constructor(
    message: string,
    options: {
      reason: ClusterErrorReason;
      status?: number | undefined;
      apiMessage?: string | undefined;
      retryAfter?: number | undefined;
      detail?: string | undefined;
      hint?: string | undefined;
      cause?: unknown;
    },
  ) {
    const {reason, status, apiMessage, retryAfter, detail, hint, cause} = options;
    super(message, exitCodes[reason] ?? ExitCode.internal, {
      code: `E_CLUSTER_${reason.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      ...(hint === undefined ? {} : {hint}),
      cause,
    });
    this.reason = reason;
    this.status = status;
    this.apiMessage = apiMessage;
    this.retryAfter = retryAfter;
    this.detail = detail ?? status?.toString() ?? reason;
  }
}

/** Credentials that are not accepted are a matter of the kubeconfig; a cluster that says no refuses the drill. */
const exitCodes: Partial<Record<ClusterErrorReason, ExitCode>> = {
  unauthorized: ExitCode.usage,
  forbidden: ExitCode.refused,
  unreachable: ExitCode.refused,
  timeout: ExitCode.refused,
  tls: ExitCode.refused,
  badAnswer: ExitCode.refused,
};

/** Whether an error is a ClusterError of one of these reasons. */
export function isClusterError(error: unknown, ...reasons: ClusterErrorReason[]): error is ClusterError {
  return error instanceof ClusterError && (reasons.length === 0 || reasons.includes(error.reason));
}

/** Whether no API server has answered: it is away, or what stands before it spoke in its place. A refusal is an answer. */
export const isAway = (error: unknown): error is ClusterError =>
  isClusterError(error, 'unreachable', 'timeout', 'serverError', 'badAnswer');

/** Whether a failed call may have taken effect all the same: only a refusal by the API server itself rules it out. */
export function mayHaveApplied({status, reason, cause, apiMessage}: ClusterError): boolean {
  if (status === undefined) return !neverConnected(cause);
  // Something in between may have tried before, and then been told to wait.
  if (reason === 'tooManyRequests' && apiMessage === undefined) return true;
  return status >= 500 || status === 408 || reason === 'timeout' || reason === 'badAnswer';
}

/** The connection was never made, so nothing can have been done. */
function neverConnected(cause: unknown): boolean {
  const code = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'code') : undefined;
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}
