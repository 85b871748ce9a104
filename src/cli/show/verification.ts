import {count, oneLine, type Paint} from '../../io/text.ts';
import type {Verification} from '../../report/index.ts';

/** What `report verify` found: the first difference first, as the others may follow from it. */
export function verificationText({differences, notes, compared}: Verification, paint: Paint): string {
  const [first, ...others] = differences;
  const lines = first
    ? [
        paint('red', `${oneLine(first.file)} differs: it ${oneLine(first.message)}`),
        ...others.map(({file, message}) => `also ${oneLine(file)}: it ${oneLine(message)}`),
      ]
    : [paint('green', `${count(compared, 'file')} compared, none differs`)];
  return [...lines, ...notes.map((note) => `note: ${oneLine(note)}`), ''].join('\n');
}
