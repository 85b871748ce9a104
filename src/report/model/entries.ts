import type {JournalEntry} from '../../journal/types.ts';

export type EntryOf<Type extends JournalEntry['type']> = JournalEntry & {type: Type};

/** All entries of one type, in order. */
export function entriesOf<Type extends JournalEntry['type']>(
  entries: readonly JournalEntry[],
  type: Type,
): EntryOf<Type>[] {
  return entries.filter((entry): entry is EntryOf<Type> => entry.type === type);
}

/** The entries of the process that played the drill: those of a later one (rollback) are on another clock. */
export function firstProcess(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const resumed = entries.findIndex(({type}) => type === 'run.resumed');
  return resumed < 0 ? entries : entries.slice(0, resumed);
}

/** Milliseconds that the wall clock may differ from the monotonic one before the report speaks of it. */
const wallTolerance = 1000;

/**
 * How far the wall clock moved forward against the monotonic one from an instant on; undefined when it did not. That is
 * what a machine that slept looks like (the monotonic clock of Linux and macOS stands still meanwhile), and nothing
 * tells it from a clock that was put right. Up to the end of the entries: the clock of a virtual machine that was
 * paused may be put right well after. A step back does not hide a later one forward.
 */
export function wallForward(entries: readonly JournalEntry[], from: number): number | undefined {
  let [lowest, most] = [Number.POSITIVE_INFINITY, 0];
  for (const {at, mono} of entries) {
    if (mono < from) continue;
    const ahead = Date.parse(at) - mono;
    lowest = Math.min(lowest, ahead);
    most = Math.max(most, ahead - lowest);
  }
  return most > wallTolerance ? most : undefined;
}

/** How far the wall clock moved against the monotonic one within a process; undefined when it did not. */
export function wallJump(entries: readonly JournalEntry[]): number | undefined {
  const [first] = entries;
  if (!first) return undefined;
  let worst = 0;
  for (const {at, mono} of entries) {
    const moved = Date.parse(at) - Date.parse(first.at) - (mono - first.mono);
    if (Math.abs(moved) > Math.abs(worst)) worst = moved;
  }
  return Math.abs(worst) > wallTolerance ? worst : undefined;
}
