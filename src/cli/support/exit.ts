import {ExitCode} from '../../io/errors.ts';

/** Highest row first: a fact that is proven outranks what could not be proven. The table is in docs/exit-codes.md. */
const rows: readonly (readonly number[])[] = [
  [ExitCode.dirty],
  [ExitCode.internal],
  [ExitCode.failed],
  [ExitCode.inconclusive],
  [ExitCode.hangup, ExitCode.interrupted, ExitCode.terminated],
  [ExitCode.refused],
  [ExitCode.usage],
  [ExitCode.passed],
];

/** The exit code of several runs together: the highest row that one of them reached. 0 for none. */
export function worstExitCode(codes: readonly number[]): number {
  for (const row of rows) {
    const found = codes.find((code) => row.includes(code));
    if (found !== undefined) return found;
  }
  return codes.find((code) => code !== 0) ?? ExitCode.passed;
}
