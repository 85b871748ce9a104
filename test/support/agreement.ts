import {mutationsOf, outstanding, unexplained} from '../../src/journal/recover.ts';
import type {JournalEntry} from '../../src/journal/types.ts';

/**
 * Where what a drill says of the cluster and what an independent look at it has found (`changes` of the campaign) do
 * not agree, one line each. Whatever was found must be named by the drill, as outstanding or as a difference that nobody
 * explains, unless it says that it could not look; what it calls such a difference must have been found in any case.
 */
export function disagreements(entries: readonly JournalEntry[], found: readonly string[]): string[] {
  const compared = entries.findLast((entry) => entry.type === 'world.compared');
  const noted = entries.some((entry) => entry.type === 'world.noted');
  if (compared?.type !== 'world.compared') {
    const wrote = mutationsOf(entries).some(({applied}) => applied !== 'no');
    return noted && wrote ? ['the drill did not compare, and had written'] : [];
  }
  const differences = unexplained(entries).map(({target}) => nameOf(target));
  const named = [...differences, ...outstanding(entries).map(({target}) => nameOf(target))];
  const isOf = (line: string, name: string) => line.startsWith(`${name}:`) || line.startsWith(`${name} `);
  const missed = found.filter((line) => !named.some((name) => isOf(line, name)));
  const imagined = differences.filter((name) => !found.some((line) => isOf(line, name)));
  const isAll = compared.unseen.length === 0;
  return [
    ...(isAll ? missed.map((line) => `the drill's comparison does not name: ${line}`) : []),
    ...imagined.map((name) => `the drill's comparison names ${name}, which is as it was`),
  ];
}

/** What was compared of a drill, in few words, for the sum of a campaign. */
export function comparisonIn(entries: readonly JournalEntry[]): string {
  const compared = entries.findLast((entry) => entry.type === 'world.compared');
  if (compared?.type !== 'world.compared') return 'not compared';
  if (compared.unseen.length > 0) return 'compared in part';
  return unexplained(entries).length > 0 ? 'compared, otherwise' : 'compared, as it was';
}

const nameOf = ({
  apiVersion,
  kind,
  namespace,
  name,
}: {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}) => `${apiVersion} ${kind} ${namespace ?? ''}/${name}`;
