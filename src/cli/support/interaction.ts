import {createInterface} from 'node:readline/promises';
import type {Interaction, ManualAnswer} from '../../drill/types.ts';
import {formatDuration} from '../../io/duration.ts';
import {InternalError} from '../../io/errors.ts';
import {oneLine, type Paint} from '../../io/text.ts';
import type {Io} from '../define.ts';
import type {Terminal} from '../show/terminal.ts';

/** Whether somebody can answer: a terminal on both sides, and no CI. */
const isAttended = ({stdin, stderr, env}: Io): boolean =>
  stdin.isTTY === true && stderr.isTTY === true && (env.CI ?? '') === '';

/** Asks for manual steps on the terminal; never where nobody can answer. */
export function createInteraction(options: {io: Io; terminal: Terminal; paint: Paint; who: string}): Interaction {
  const {io, terminal, paint, who} = options;
  const attended = isAttended(io);
  return {
    attended,
    manual: async (step, signal) => {
      if (!attended) throw new InternalError('a manual step was asked where nobody can answer');
      return await terminal.suspend(async () => {
        const prompt = createInterface({input: io.stdin, output: io.stderr, terminal: true});
        // Readline puts the terminal into raw mode and takes Ctrl-C for itself: hand it on as the signal it is.
        prompt.on('SIGINT', () => io.interrupt());
        const expected = step.expected === undefined ? '' : ` (expected to take ${formatDuration(step.expected)})`;
        io.stderr.write(
          `\n${paint('bold', 'manual step')}${step.role ? ` for ${oneLine(step.role)}` : ''}${expected}\n`,
        );
        io.stderr.write(`  ${oneLine(step.text)}\n`);
        try {
          return await answer((question) => prompt.question(question, {signal}), who);
        } finally {
          prompt.close();
        }
      });
    },
  };
}

/** Asks until the answer is one of the three; a deviation needs a note. `ask` rejects when the drill is aborted. */
export async function answer(ask: (question: string) => Promise<string>, who: string): Promise<ManualAnswer> {
  for (;;) {
    const given = (await ask('  done, deviated or abort? [done/deviated/abort] ')).trim().toLowerCase();
    if (given === 'done' || given === 'abort') return {outcome: given, who};
    if (given === 'deviated') {
      const note = (await ask('  what was done instead? ')).trim();
      if (note !== '') return {outcome: 'deviated', note, who};
    }
  }
}
