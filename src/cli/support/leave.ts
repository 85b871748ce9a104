import {ExitCode} from '../../io/errors.ts';
import {type EndingSignal, signalExitCode} from '../../io/signals.ts';
import {oneLine, shellWord} from '../../io/text.ts';
import type {Io} from '../define.ts';
import type {OutstandingUndos} from '../show/outstanding.ts';

/**
 * The second signal: says what is still to be taken back and by which command, and ends the process at once.
 * Synchronous, since nothing can be waited for. Exit 4 when the cleanup was cut off, else that of the signal.
 */
export function leaveAtOnce(options: {
  io: Pick<Io, 'stderr' | 'exit'>;
  name: EndingSignal;
  undos: OutstandingUndos;
  /** The practice cluster ends with the process: there is nothing to go back to. */
  practice: boolean;
  program: string;
  reports: string;
}): void {
  const {io, name, undos, practice, program, reports} = options;
  const outstanding = undos.list();
  const runId = undos.runId();
  let text = `\n${name} again: leaving at once\n`;
  if (outstanding.length > 0 && practice) {
    text += 'The practice cluster ends with this process, and all that was changed in it.\n';
  } else if (outstanding.length > 0 && runId !== undefined) {
    text += 'Not taken back yet, newest first:\n';
    for (const {target, undo} of outstanding) text += `  ${oneLine(target)} (${undo.kind})\n`;
    text += `Take it back with:\n  ${program} rollback ${shellWord(runId)} --reports ${shellWord(reports)}\n`;
  }
  io.stderr.write(text);
  io.exit(outstanding.length > 0 ? ExitCode.dirty : signalExitCode(name));
}

/** The second signal while work goes on that must not be cut off half-way. */
export const heldText = (name: EndingSignal, what: string): string =>
  `${name} again: not now: ${what}; this process leaves once that is over`;
