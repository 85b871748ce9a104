import {firstActed} from '../account/cures.ts';
import {allHeals} from '../account/heals.ts';
import {changedFrom} from '../account/outages.ts';
import type {FaultAccount, OutageAccount} from '../account/types.ts';
import {atLeast, atMost, duration} from '../figures.ts';
import type {ReportModel, ServiceReport} from '../types.ts';
import {needsFault} from './row.ts';

/** Reasons that the causal account gives: who did what, and whether somebody looked. */

/** A fault that was declared and never went out: the drill was another one than its name says. */
export function neverWent(model: ReportModel): string[] {
  if (!needsFault(model)) return [];
  return (model.account?.faults ?? []).flatMap(({path, what, why}) => {
    if (why === undefined) return [];
    const how = {skipped: 'was skipped', 'changed nothing': 'changed nothing', 'not played': 'was not played'}[why];
    return [`The fault ${path} (${what}) ${how}.`];
  });
}

/** Each fault needs its own proof: one that bit says nothing of the others. */
export function unproven(model: ReportModel): string[] {
  if (!needsFault(model)) return [];
  const faults = (model.account?.faults ?? []).filter(({out}) => out !== undefined);
  if (faults.length === 0) return ['Nothing shows that the fault took effect.'];
  // The scenario's own proof speaks of the whole injection: where it says no, nothing else outweighs it.
  const prove = model.effects.filter(({path, seen}) => path === 'effect.prove' && !seen);
  const unseen = [
    ...faults.flatMap(({path, unseen: detail}) => (detail === undefined ? [] : [`${path}: ${detail}`])),
    ...prove.map(({path, detail}) => `${path}: ${detail}`),
  ];
  const bare = faults.filter(({proof, unseen: detail}) => proof === undefined && detail === undefined);
  return [
    ...(unseen.length > 0 ? [`The fault was not seen to take effect: ${unseen.join('; ')}.`] : []),
    ...bare.map((fault) => `Nothing shows that ${named(fault, faults)} took effect${only(fault)}.`),
  ];
}

const named = ({path}: FaultAccount, all: readonly FaultAccount[]): string => (all.length === 1 ? 'the fault' : path);

const only = ({written}: FaultAccount): string =>
  written === undefined ? '' : `: that ${written} shows only that the API server took the write`;

/**
 * A service must go down by the fault, before the cure did anything; one that the cure takes down must surely have been
 * down after a step of the cure had begun to act.
 */
export function wentDown({name, by, assessment}: ServiceReport, {account, steps}: ReportModel): boolean {
  const outages = account?.outages.filter(({service}) => service === name) ?? [];
  if (by === 'inject') return outages.some(({cause}) => cause === 'fault');
  const acted = firstActed(steps);
  return assessment?.outages.some(({lastBad}) => lastBad.start - assessment.clockError >= acted) ?? false;
}

/** Why a service that had to go down does not count as having gone down. */
export function notDown({name, by, assessment}: ServiceReport, {account}: ReportModel): string {
  const causes = account?.outages.filter(({service}) => service === name).map(({cause}) => cause) ?? [];
  if (by === 'inject' && causes.includes('cure')) {
    return `The service ${name} was seen down only after the recovery had begun to act: that may be its doing.`;
  }
  if (by === 'inject' && causes.includes('neither')) {
    return `The service ${name} was seen down only in an outage that had begun before the fault.`;
  }
  return `The service ${name} was not seen down; an outage of up to ${atMost(assessment?.longestGap ?? 0)} could have gone unseen.`;
}

/** A recovery that nobody played, or that changed nothing, is not what brought the service back. */
export function idleRecovery(model: ReportModel): string[] {
  const cures = model.account?.cures ?? [];
  if (!needsFault(model) || cures.length === 0 || cures.some(({changed}) => changed)) return [];
  const list = cures.map(({path, what, why}) => `${path} (${what}) ${why === 'changed nothing' ? why : `was ${why}`}`);
  return [`No step of the recovery changed anything: ${list.join('; ')}.`];
}

/** Back before the recovery acted: who brought it back is not known, and the recovery time is not the recovery's. */
export function backBefore(model: ReportModel): string[] {
  const {account} = model;
  if (!needsFault(model) || !account?.cures.some(({changed}) => changed)) return [];
  const acted = changedFrom(account.cures);
  return [
    ...lastOutages(model).flatMap(({service, ended, endedBy}) => {
      if (endedBy !== 'other') return [];
      const unknown = 'who brought it back is not known';
      return ended && ended.latest >= acted
        ? [`The service ${service} may have been back before the recovery acted: ${unknown}. Sample more often.`]
        : [`The service ${service} was back before the recovery acted: ${unknown}.`];
    }),
    ...account.reds.flatMap(({check, back}) =>
      back === undefined
        ? []
        : [`The check "${check}" was well again before the recovery acted: who brought it back is not known.`],
    ),
  ];
}

/** What comes back by itself would have come back without the recovery as well: nothing shows what that is worth. */
export function healsAnyway(model: ReportModel): string[] {
  const {account} = model;
  if (!needsFault(model) || !account?.cures.some(({changed}) => changed) || !allHeals(account.faults)) return [];
  return ['What was broken comes back by itself: nothing shows that the recovery did it.'];
}

/** The last outage by the fault of each service that it was to take down. */
function lastOutages({account, services}: ReportModel): OutageAccount[] {
  return services.flatMap(({name, by}) => {
    const last = account?.outages.filter(({service, cause}) => service === name && cause === 'fault').at(-1);
    return by === 'inject' && last ? [last] : [];
  });
}

/** What one step of `inject` broke, another of them may have mended: then nothing shows that it recovers. */
export function mendedByInject(model: ReportModel): string[] {
  if (!needsFault(model)) return [];
  const sentence = (what: string, menders: readonly string[] | undefined) =>
    menders === undefined
      ? []
      : [`${what} after ${menders.join(' and ')} had acted, and no recovery: that may be what mended it.`];
  return [
    ...lastOutages(model).flatMap(({service, menders}) => sentence(`The service ${service} was back`, menders)),
    ...(model.account?.reds ?? []).flatMap(({check, menders}) => sentence(`The check "${check}" was well`, menders)),
  ];
}

/** A check that was not held to `stableFor` before the drill ended may turn again. */
export function unheld({account, plan, checks}: ReportModel): string[] {
  const stableFor = plan?.stableFor ?? 0;
  return (account?.held ?? []).flatMap(({check, lasted}) => {
    const last = checks.find(({name}) => name === check)?.moments.after;
    if (lasted === undefined || lasted >= stableFor || !last?.asWanted) return [];
    return [
      `The check "${check}" had answered as declared for ${atLeast(lasted)} when the drill ended; ${duration(stableFor)} is asked for.`,
    ];
  });
}

/** A sample that began before the effect says nothing of it. */
export function unwatched(model: ReportModel): string[] {
  if (!needsFault(model) || !model.injected) return [];
  return (model.account?.watched ?? []).flatMap(({series, service, after, during}) => {
    const sample = `No sample of ${series} (service ${service}) began after the fault had taken effect`;
    if (!after) return [`${sample}.`];
    return during === false ? [`${sample} and ended before the recovery acted, or the undo began.`] : [];
  });
}

/** Nothing was seen of a time that could hide everything. */
export function unseenAltogether({services, window}: ReportModel): string[] {
  if (window === undefined) return [];
  const watched = window.until - window.from;
  return services.flatMap(({name, assessment}) =>
    assessment !== undefined && assessment.counts.taken > 0 && assessment.longestGap >= watched
      ? [`An outage of ${name} as long as the whole time that was watched could have gone unseen.`]
      : [],
  );
}

/** What is up again and takes no writes is not back. */
export function untaken(model: ReportModel): string[] {
  if (!needsFault(model) || !model.injected) return [];
  return (model.account?.canaries ?? []).flatMap(({canary, tried, taken}) => {
    if (taken > 0) return [];
    return tried > 0
      ? [`The store of the canary ${canary} took none of ${tried} writes after the recovery.`]
      : [`The canary ${canary} did not write after the recovery: nothing shows that its store takes writes again.`];
  });
}
