import type {JournalEntry} from '../../journal/types.ts';
import {type AlignedSeries, silenceLimit} from '../../measure/index.ts';
import type {Outage} from '../../measure/types.ts';
import {entriesOf} from '../model/entries.ts';
import type {ServiceReport} from '../types.ts';
import {allHeals} from './heals.ts';
import {type Injected, mendersOf} from './injected.ts';
import type {CureAccount, FaultAccount, OutageAccount} from './types.ts';

/** What outages are compared with. Milliseconds on the runner's clock. */
export interface Causes {
  faults: readonly FaultAccount[];
  cures: readonly CureAccount[];
  /** When the recovery can first have done something; infinite when it did nothing. */
  actedFrom: number;
  /** What acted in `inject`, faults and all. */
  injected: readonly Injected[];
}

/**
 * What began each outage of each service, and what can have ended it. Samples only say that an outage began between the
 * last good one and the end of the first bad one, and other clocks are only known to ± `clockError`: what may be the
 * cure's is not the fault's, and what was there before any fault is neither's.
 */
export function outagesOf(
  services: readonly ServiceReport[],
  entries: readonly JournalEntry[],
  {causes, aligned}: {causes: Causes; aligned: readonly AlignedSeries[]},
): OutageAccount[] {
  const everyOf = (series: string) => aligned.find(({name}) => name === series)?.every ?? 0;
  return services.flatMap((service) =>
    (service.assessment?.outages ?? []).map((outage) => ({
      ...begun(service, outage, {causes, noted: notedAt(entries, service)}),
      ...over(outage, {...causes, error: service.assessment?.clockError ?? 0, every: everyOf(outage.lastBad.series)}),
    })),
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

function begun(
  {name, assessment}: ServiceReport,
  {began, firstBad}: Outage,
  {causes: {faults, actedFrom}, noted}: {causes: Causes; noted: number | undefined},
): Omit<OutageAccount, 'ended' | 'endedBy' | 'menders'> {
  const error = assessment?.clockError ?? 0;
  const [surely, perhaps] = [firstBad.end - error, firstBad.end + error];
  const out = faults.filter((fault) => fault.out !== undefined && fault.out.earliest <= perhaps);
  const isNoted = noted !== undefined && began.earliest <= noted && began.earliest <= actedFrom;
  const mayBeCure = !isNoted && perhaps >= actedFrom;
  const afterFault = out.some((fault) => fault.out !== undefined && (isNoted || fault.out.earliest <= surely));
  return {
    service: name,
    began,
    cause: mayBeCure ? 'cure' : afterFault ? 'fault' : 'neither',
    faults: out.map(({path}) => path),
  };
}

/**
 * What can have ended an outage. What may have been over before the recovery acted is not the recovery's: a bad sample
 * has to begin after that. Only where the recovery took the fault's own change back, and found it still there, is it
 * enough that nobody was blind since the last bad sample: what mends at once leaves no later one.
 */
function over(
  {ended, firstBad}: Outage,
  {
    faults,
    cures,
    injected,
    error,
    every,
  }: Pick<Causes, 'faults' | 'cures' | 'injected'> & {error: number; every: number},
): Pick<OutageAccount, 'ended' | 'endedBy' | 'menders'> {
  if (ended === undefined) return {};
  const changing = cures.flatMap(({changed, acted, undid}) =>
    changed && acted !== undefined ? [{at: acted.earliest, before: undid ? silenceLimit(every) : 0}] : [],
  );
  if (changing.length > 0) {
    const isCure = changing.some(({at, before}) => ended.earliest - error >= at - before && ended.latest - error >= at);
    if (!isCure) return {ended, endedBy: 'other'};
    return {ended, endedBy: allHeals(faults) ? 'either' : 'cure'};
  }
  const menders = mendersOf(injected, firstBad.start - error, ended.latest + error);
  return {
    ended,
    ...(cures.length > 0 ? {endedBy: 'other' as const} : {}),
    ...(menders.length > 0 ? {menders} : {}),
  };
}
