import type {Target} from '../../../src/io/target.ts';
import {mutationsOf, outstanding} from '../../../src/journal/recover.ts';
import type {PlayedDrill} from '../drill.ts';
import {plants} from './cases.ts';
import {type Kubectl, makeAll} from './hands.ts';
import {keyOf, leavings, type Seen} from './oracle.ts';
import type {Act, Prepared} from './prepare.ts';

const keyOfTarget = ({apiVersion, kind, name}: Target): string => keyOf(apiVersion, kind, name);

/** Changes that the API server took. */
export const madeIn = ({entries}: PlayedDrill): number =>
  mutationsOf(entries).filter(({phase, applied}) => phase === 'inject' && applied === 'yes').length;

/** What comes of a drill. */
export interface Judged {
  /** In what comparison and oracle do not agree, or the drill was not what it was to be. */
  wrong: string[];
  /** What is left although nobody was to see to it, and both say so. */
  left: string[];
}

interface Judging {
  before: Seen;
  look: () => Promise<Seen>;
  result: PlayedDrill;
  prepared: readonly Prepared[];
  /** What strangers have done; none of it where the drill ended before. */
  acts: readonly Act[];
}

/** In what the drill's own word and the oracle do not agree, or the drill was not what it was to be. */
export async function judge({before, look, result, prepared, acts}: Judging): Promise<Judged> {
  const {entries, verdict, cleanup, sentence} = result;
  const wrong: string[] = [];
  if (madeIn(result) < prepared.length) {
    const failed = entries.flatMap((entry) =>
      (entry.type === 'step.ended' && entry.outcome !== 'done') || (entry.type === 'guard.answered' && !entry.ok)
        ? [JSON.stringify(entry)]
        : [],
    );
    wrong.push(
      `${verdict}, and ${madeIn(result)} of ${prepared.length} changes were made: ${sentence} ${failed.join('\n')}`,
    );
  }
  const compared = entries.findLast((entry) => entry.type === 'world.compared');
  if (compared?.type !== 'world.compared') {
    return {wrong: [...wrong, ...(madeIn(result) === 0 ? [] : ['nothing was compared'])], left: []};
  }
  if (compared.unseen.length > 0) wrong.push(`not all was seen: ${compared.unseen.join(', ')}`);
  const open = compared.differences.filter(({explained}) => explained === undefined);
  const left = outstanding(entries);
  const told = new Set([...open, ...left].map(({target}) => keyOfTarget(target)));
  const known = new Map(
    acts.flatMap((act) => (act.what === 'edit' && act.isApart ? [[act.key, act.edits] as const] : [])),
  );
  const theirs = new Set(acts.flatMap((act) => (act.what === 'make' && act.isApart ? [act.key] : [])));
  let found = leavings(before, await look(), {known, theirs});
  // Pods may still be on their way; what users have meant is there or not.
  for (let tries = 0; tries < 20 && [...found.values()].flat().some((line) => /^\d/.test(line)); tries++) {
    found = leavings(before, await look(), {known, theirs});
  }
  const words = (key?: string) =>
    JSON.stringify([
      ...open
        .filter(({target}) => key === undefined || keyOfTarget(target) === key)
        .map(({target, paths}) => ({name: target.name, paths})),
      ...left
        .filter(({target}) => key === undefined || keyOfTarget(target) === key)
        .map(({target, undone}) => ({name: target.name, undone})),
    ]);
  if (cleanup === 'clean' && found.size > 0) wrong.push('called clean');
  if (cleanup !== 'clean' && found.size === 0) wrong.push(`called ${cleanup}, and all is as it was: ${words()}`);
  const isPlanted = prepared.some(({one}) => plants.some((plant) => plant === one.with));
  for (const [key, lines] of found) if (!told.has(key)) wrong.push(`not told: ${key} ${lines.join('; ')}`);
  for (const key of told) if (!found.has(key)) wrong.push(`told for nothing: ${key}: ${words(key)}`);
  return {wrong, left: isPlanted || cleanup === 'clean' ? [] : [`${words()} ${JSON.stringify([...found])}`]};
}

/** Whether owners that apply their manifests again meet a conflict with what a drill has left of itself. */
export async function conflictsOf(kubectl: Kubectl, prepared: readonly Prepared[]): Promise<string[]> {
  const conflicts = prepared.flatMap(({one, before}) =>
    before.flatMap(({object, args}) =>
      one.with === 'owner' && args.includes('--server-side') ? [{object, args}] : [],
    ),
  );
  return await makeAll(kubectl, conflicts, '--dry-run=server').then(
    () => [],
    (error) => [`its owner cannot apply it any more: ${error}`],
  );
}
