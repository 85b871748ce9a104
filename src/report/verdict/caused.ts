import type {FaultAccount} from '../account/types.ts';
import {atMost} from '../figures.ts';
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

/** A service must go down by the fault, before the cure did anything; one that the cure takes down, after the cure began. */
export function wentDown({name, by, assessment}: ServiceReport, {account, steps}: ReportModel): boolean {
  const outages = account?.outages.filter(({service}) => service === name) ?? [];
  if (by === 'inject') return outages.some(({cause}) => cause === 'fault');
  const begins = steps.flatMap(({phase, started}) => (phase === 'recover' && started !== undefined ? [started] : []));
  const cured = Math.min(Number.POSITIVE_INFINITY, ...begins);
  return assessment?.outages.some(({lastBad}) => lastBad.end >= cured) ?? false;
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
  const {account, services} = model;
  if (!needsFault(model) || !account?.cures.some(({changed}) => changed)) return [];
  return [
    ...services.flatMap(({name, by}) => {
      const last = account.outages.filter(({service, cause}) => service === name && cause === 'fault').at(-1);
      return by === 'inject' && last?.endedBy === 'other'
        ? [`The service ${name} was back before the recovery acted: who brought it back is not known.`]
        : [];
    }),
    ...account.reds.flatMap(({check, back}) =>
      back === undefined
        ? []
        : [`The check "${check}" was well again before the recovery acted: who brought it back is not known.`],
    ),
  ];
}

/** A sample that began before the effect says nothing of it. */
export function unwatched(model: ReportModel): string[] {
  if (!needsFault(model) || !model.injected) return [];
  return (model.account?.watched ?? [])
    .filter(({after}) => !after)
    .map(({series, service}) => `No sample of ${series} (service ${service}) began after the fault had taken effect.`);
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
