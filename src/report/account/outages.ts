import type {JournalEntry} from '../../journal/types.ts';
import type {Outage} from '../../measure/types.ts';
import {entriesOf} from '../model/entries.ts';
import type {ServiceReport} from '../types.ts';
import type {CureAccount, FaultAccount, OutageAccount} from './types.ts';

/** What outages are compared with. Milliseconds on the runner's clock. */
export interface Causes {
  faults: readonly FaultAccount[];
  cures: readonly CureAccount[];
  /** When the recovery can first have done something; infinite when it did nothing. */
  actedFrom: number;
}

/**
 * What began each outage of each service, and what can have ended it. Samples only say that an outage began between the
 * last good one and the end of the first bad one, and other clocks are only known to ± `clockError`: what may be the
 * cure's is not the fault's, and what was there before any fault is neither's.
 */
export function outagesOf(
  services: readonly ServiceReport[],
  entries: readonly JournalEntry[],
  causes: Causes,
): OutageAccount[] {
  return services.flatMap((service) =>
    (service.assessment?.outages ?? []).map((outage) =>
      account(service, outage, {causes, noted: notedAt(entries, service)}),
    ),
  );
}

/** When the recovery first changed something; infinite when it changed nothing. */
export const changedFrom = (cures: readonly CureAccount[]): number =>
  Math.min(
    Number.POSITIVE_INFINITY,
    ...cures.flatMap(({changed, acted}) => (changed && acted !== undefined ? [acted.earliest] : [])),
  );

/** When the runner itself noted, before the recovery, that the service was down: that needs no comparison of clocks. */
function notedAt(entries: readonly JournalEntry[], {name}: ServiceReport): number | undefined {
  return entriesOf(entries, 'effect.seen').find(({path, seen}) => path === `service/${name}` && seen)?.mono;
}

function account(
  {name, assessment}: ServiceReport,
  {began, ended, firstBad}: Outage,
  {causes: {faults, cures, actedFrom}, noted}: {causes: Causes; noted: number | undefined},
): OutageAccount {
  const error = assessment?.clockError ?? 0;
  const [surely, perhaps] = [firstBad.end - error, firstBad.end + error];
  const out = faults.filter((fault) => fault.out !== undefined && fault.out.earliest <= perhaps);
  const isNoted = noted !== undefined && began.earliest <= noted && began.earliest <= actedFrom;
  const mayBeCure = !isNoted && perhaps >= actedFrom;
  const afterFault = out.some((fault) => fault.out !== undefined && (isNoted || fault.out.earliest <= surely));
  const acted = changedFrom(cures);
  return {
    service: name,
    began,
    ...(ended === undefined ? {} : {ended}),
    cause: mayBeCure ? 'cure' : afterFault ? 'fault' : 'neither',
    faults: out.map(({path}) => path),
    ...(ended === undefined || cures.length === 0
      ? {}
      : {endedBy: ended.latest - error >= acted ? ('cure' as const) : ('other' as const)}),
  };
}
