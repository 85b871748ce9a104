import type {Vault} from '../../actions/define.ts';
import type {TouchedField} from '../../actions/fields/touched.ts';
import {objectRecreate} from '../../actions/object/recreate.ts';
import {objectRemove} from '../../actions/object/remove.ts';
import type {OwnWork} from '../../actions/own-work.ts';
import {groupOf} from '../../cluster/names.ts';
import type {ObjectRef} from '../../cluster/types.ts';
import {targetText} from '../../io/target.ts';
import {isKept, type Mutation, mutationsOf} from '../../journal/recover.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {undoOf} from './registry.ts';
import {dataOf} from './undo-data.ts';

/** Who takes an undo back: the end of the run, a step of the recovery, or a later process. */
export type UndoneBy = 'undo' | 'step' | 'rollback';

/**
 * What the drill did to the object of a mutation, named by its id, by its other mutations. An object may go through many hands of one
 * drill: made by a fixture, deleted by a fault, made again by the recovery. The journal knows each by its UID.
 */
export async function ownWork(
  entries: readonly JournalEntry[],
  id: string,
  {by, vault}: {by: UndoneBy; vault: Vault},
): Promise<OwnWork> {
  const all = mutationsOf(entries).filter(({applied}) => applied !== 'no');
  const at = all.findIndex((mutation) => mutation.id === id);
  const target = all[at]?.target;
  const chain = all.filter((mutation) => target !== undefined && isSameObject(mutation.target, target));
  const later = chain.filter((mutation) => all.indexOf(mutation) > at && hasStayed(mutation));
  return {
    fixture: (ref) => (by === 'step' ? undefined : fixtureIn(all, ref)),
    maker: (uid) => (uid === undefined ? undefined : makerOf(chain, uid)),
    isRemoved: later.at(-1)?.undo.kind === objectRecreate.kind,
    isDoubted: isDoubted(entries),
    written: (await Promise.all(later.map((one) => writtenBy(one, vault)))).flat(),
  };
}

/** Whether `prepare` made an object, or the namespace that it lies in. */
export const isFixture = (entries: readonly JournalEntry[], ref: ObjectRef): boolean =>
  fixtureIn(mutationsOf(entries), ref) !== undefined;

/** Why an object was not there before the drill; undefined for one that was, or that a recovery made and that stays. */
function fixtureIn(all: readonly Mutation[], ref: ObjectRef): string | undefined {
  const {namespace} = ref;
  if (isMade(all, ref)) return `the drill itself made ${targetText(ref)}`;
  const home = {apiVersion: 'v1', kind: 'Namespace', name: namespace ?? ''};
  return namespace !== undefined && isMade(all, home) ? `the drill itself made ${targetText(home)}` : undefined;
}

/** Whether a check's last answer after the recovery was another one than the scenario declares. */
function isDoubted(entries: readonly JournalEntry[]): boolean {
  const planned = entries.find((entry) => entry.type === 'plan.made');
  if (planned?.type !== 'plan.made') return false;
  return planned.plan.checks.some(({name, states}) => {
    const last = entries.findLast(
      (entry) => entry.type === 'check.answered' && entry.check === name && entry.moment === 'after',
    );
    return states.after !== 'skip' && last?.type === 'check.answered' && last.answer !== states.after;
  });
}

/** An object that was there before is first changed or deleted; one that was not is first made. */
function isMade(all: readonly Mutation[], ref: ObjectRef): boolean {
  const first = all.find(({applied, target}) => applied !== 'no' && isSameObject(target, ref));
  return first?.undo.kind === objectRemove.kind && first.role !== 'recovery';
}

function makerOf(chain: readonly Mutation[], uid: string): ReturnType<OwnWork['maker']> {
  const step = chain.find(({undo, target}) => undo.kind === objectRemove.kind && target.uid === uid);
  if (step !== undefined) return hasStayed(step) ? 'kept' : 'step';
  return chain.some(({remade}) => remade === uid) ? 'undo' : undefined;
}

/**
 * Whether a mutation is a recovery whose work is still there, as far as the journal knows: one of which nothing was
 * left when it was looked at is `already`. What somebody else has changed since (`conflict`) is not gone.
 */
const hasStayed = (mutation: Mutation): boolean =>
  isKept(mutation) && ['open', 'kept', 'conflict'].includes(mutation.undone);

/** The fields that a mutation wrote to its target, as far as they are known; none where it made or deleted it. */
export async function writtenBy({undo}: Mutation, vault: Vault): Promise<readonly TouchedField[]> {
  const definition = undoOf(undo.kind);
  const data = definition?.schema.safeParse(await dataOf(undo, vault));
  return (data?.success && (await definition?.wrote?.(vault, data.data))) || [];
}

/** Whether two name one object. Groups keep an object's identity where versions of them differ. */
export const isSameObject = (one: ObjectRef, other: ObjectRef): boolean =>
  one.kind === other.kind &&
  one.name === other.name &&
  one.namespace === other.namespace &&
  groupOf(one.apiVersion) === groupOf(other.apiVersion);
