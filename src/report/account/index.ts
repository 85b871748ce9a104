import type {Sample} from '../../io/sample.ts';
import type {PlanRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {AlignedSeries, Window} from '../../measure/index.ts';
import type {StepReport} from '../happened.ts';
import {entriesOf} from '../model/entries.ts';
import type {ReportModel, ServiceReport} from '../types.ts';
import {heldOf, redsOf} from './checks.ts';
import {curesOf, firstActed} from './cures.ts';
import {faultsOf} from './faults.ts';
import {injected} from './injected.ts';
import {outagesOf} from './outages.ts';
import {proven} from './proof.ts';
import type {Account} from './types.ts';
import {effectAt, takenAgain, watchedOf} from './watched.ts';

export interface AccountInput {
  /** Of the process that played the drill. */
  entries: readonly JournalEntry[];
  plan: PlanRecord;
  steps: readonly StepReport[];
  /** What is judged: it ends with the start of undo. */
  window: Window | undefined;
  services: readonly ServiceReport[];
  aligned: readonly AlignedSeries[];
  effects: ReportModel['effects'];
  /** By the `file` of the entries that open series and canaries. */
  samples: ReadonlyMap<string, readonly Sample[]>;
}

/** Tells what did what. Pure and total, as the model that it is part of. */
export function accountOf({entries, plan, steps, window, services, aligned, effects, samples}: AccountInput): Account {
  const faults = faultsOf(entries, steps);
  const cures = curesOf(entries, steps);
  const actedFrom = firstActed(steps);
  const causes = {faults, cures, actedFrom, injected: injected(entries, steps)};
  const outages = outagesOf(services, entries, {causes, aligned});
  const reds = redsOf(entries, plan.checks, causes);
  return {
    faults: proven(faults, {
      effects,
      // What the cure is to take down shows nothing of the fault.
      outages: outages.filter(({service}) => services.find(({name}) => name === service)?.by === 'inject'),
      reds,
      plan,
      writtenBy: (path) =>
        entriesOf(entries, 'mutation.intent').flatMap(({role, step, target}) =>
          role === 'fault' && step === path ? [target] : [],
        ),
    }),
    cures,
    outages,
    reds,
    watched: watchedOf(services, aligned, {
      effectAt: effectAt(entries, faults, reds),
      until: Math.min(actedFrom, window?.until ?? Number.POSITIVE_INFINITY),
      disturbed: new Set(outages.flatMap(({service, cause}) => (cause === 'fault' ? [service] : []))),
    }),
    held: heldOf(entries, plan, {services, cures, until: window?.until}),
    canaries: takenAgain(entries, samples, recoveredAt(entries, steps)),
  };
}

/** End of the last step of the recovery; without one, of the phase that waits for the effect. */
function recoveredAt(entries: readonly JournalEntry[], steps: readonly StepReport[]): number {
  const ends = steps.flatMap(({phase, ended}) => (phase === 'recover' && ended !== undefined ? [ended] : []));
  const verify = entries.find((entry) => entry.type === 'phase.entered' && entry.phase === 'verify')?.mono;
  return ends.length > 0 ? Math.max(...ends) : (verify ?? Number.POSITIVE_INFINITY);
}
