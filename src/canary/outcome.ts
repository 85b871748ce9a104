import type {Reading} from '../probes/define.ts';
import type {WriteOutcome} from './define.ts';

const states = {ok: 'acknowledged', bad: 'refused', blind: 'unknown'} as const;

/** An attempt at a write as its outcome: no answer in time is unknown, never refused. */
export function outcomeOf({state, detail}: Reading): WriteOutcome {
  return {state: states[state], ...(detail === undefined ? {} : {detail})};
}
