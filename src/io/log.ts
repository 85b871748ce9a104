/**
 * Diagnostics for people, on stderr and in the run folder. Messages are constant texts, data goes into fields,
 * so that tests can hold on to them. What a command prints as its result never comes through here.
 */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Says nothing; for commands and tests that need a log but no output. */
export const silentLog: Log = {debug() {}, info() {}, warn() {}, error() {}};
