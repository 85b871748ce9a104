import {probes} from '../../probes/index.ts';
import type {Warning} from '../problems.ts';
import type {Spec} from '../schema/scenario.ts';

/** Checks that are never to answer otherwise, and that nothing shows to be able to; and a scenario without any. */
export function greenForEver({verify: {checks}}: Spec): Warning[] {
  if (checks.every(({states: {after}}) => after === 'skip')) {
    const message = `${checks.length === 0 ? 'there are no checks' : 'no check is asked after the recovery'}: the run cannot pass`;
    const hint = 'Say by a check how one knows that it is back.';
    return [{path: ['spec', 'verify', 'checks'], code: 'W_NO_CHECK', message, hint}];
  }
  return checks.flatMap(({name, uses, with: input, states: {before, broken, after}, control}, index) => {
    const turns = [before, broken].some((wanted) => wanted !== 'skip' && wanted !== after);
    if (after === 'skip' || turns || (after === 'pass' && control !== undefined)) return [];
    return [
      {
        path: ['spec', 'verify', 'checks', index],
        code: 'W_NEVER_RED',
        message: `nothing shows that the check "${name}" can answer otherwise: it is to answer nothing but ${after}, and has no control; the run cannot pass`,
        hint: waysToTurn(uses, after, input),
      },
    ];
  });
}

/** By what a check of a kind can be seen to answer otherwise. */
function waysToTurn(uses: string, after: string, input: object | undefined): string {
  const other = after === 'pass' ? 'fail' : 'pass';
  const moment = `where the fault turns it, ask it then: \`states: {broken: ${other}}\``;
  const names = Object.keys(probes[uses]?.controls ?? {});
  if (after !== 'pass' || names.length === 0) return `${upper(moment)}.`;
  const needs = names.includes('controlArgv') && !(input && 'controlArgv' in input);
  return `Give it a control (${names.map((name) => `\`control: ${name}\``).join(', ')}${needs ? ' with `controlArgv` in `with`' : ''}); or ${moment}.`;
}

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
