import {count, oneLine, type Paint} from '../../io/text.ts';
import type {Finding} from '../support/examine.ts';

/** One line for each thing looked at, findings with what to do, and a sum. */
export function doctorText(findings: readonly Finding[], paint: Paint): string {
  const mark = {ok: paint('green', '✓'), finding: paint('red', '✗'), note: paint('yellow', '•')};
  const lines = findings.map(({state, subject, message, hint}) => {
    const advice = hint ? `\n    ${oneLine(hint)}` : '';
    return `${mark[state]} ${subject}: ${oneLine(message)}${advice}`;
  });
  const wrong = findings.filter(({state}) => state === 'finding').length;
  return `${lines.join('\n')}\n${wrong === 0 ? 'nothing stands in the way' : count(wrong, 'finding')}`;
}
