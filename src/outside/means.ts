import type {Stores, StoresWriter} from '../backup/store/types.ts';
import {RefusedError} from '../io/errors.ts';
import type {Exec} from '../io/exec.ts';
import type {Platform, PlatformWriter} from '../platform/types.ts';

/**
 * What lies outside the Kubernetes API, to be looked at. A definition names what it uses under `needs`, and its context
 * has that and no more.
 */
export interface Means {
  /** Programs, started where kubedrill runs. */
  exec: Exec;
  /** The machines below the Kubernetes API. */
  platform: Platform;
  /** The places where backups lie. */
  stores: Stores;
}

/** The same, to be changed. */
export interface ChangingMeans {
  exec: Exec;
  platform: PlatformWriter;
  stores: StoresWriter;
}

export type Need = keyof Means;

/** Means that are at hand where kubedrill runs, for the cluster that it is connected to. */
export type MeansAtHand = {readonly [Name in Need]?: {look: Means[Name]; change: ChangingMeans[Name]}};

/** For people: what each is, and what to do where it is missing. */
const words: Readonly<Record<Need, {what: string; hint: string}>> = {
  exec: {what: 'programs started where kubedrill runs', hint: 'Run it where programs can be started.'},
  platform: {
    what: 'the machines below the Kubernetes API',
    hint: 'This version reaches no machines below the API.',
  },
  stores: {what: 'stores of backups', hint: 'This version has no stores of backups.'},
};

/** Why a definition cannot be used with the means at hand; undefined when it can. */
export function missingMeans(
  {kind, needs = []}: {kind: string; needs?: readonly Need[] | undefined},
  atHand: MeansAtHand,
): {message: string; hint: string} | undefined {
  const missing = needs.find((need) => atHand[need] === undefined);
  if (missing === undefined) return undefined;
  const {what, hint} = words[missing];
  return {message: `${kind} needs ${what} (${missing}), which cannot be reached from here`, hint};
}

/**
 * The means that a definition has declared, to look and to change with. Throws a RefusedError when one is not at hand:
 * preflight has refused such a step, so this is for what became known only later.
 */
export function meansFor<Needs extends Need>(
  definition: {kind: string; needs?: readonly Needs[] | undefined},
  atHand: MeansAtHand,
): {look: Pick<Means, Needs>; change: Pick<ChangingMeans, Needs>} {
  const missing = missingMeans(definition, atHand);
  if (missing !== undefined) throw new RefusedError(missing.message, {code: 'E_NEED', hint: missing.hint});
  const chosen = (definition.needs ?? []).map((need) => [need, atHand[need]] as const);
  const side = (name: 'look' | 'change') => Object.fromEntries(chosen.map(([need, means]) => [need, means?.[name]]));
  return {look: side('look') as Pick<Means, Needs>, change: side('change') as Pick<ChangingMeans, Needs>};
}
