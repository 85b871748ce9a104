import {isOutside} from '../../io/target.ts';
import {mutationsOf} from '../../journal/recover.ts';
import type {JournalEntry} from '../../journal/types.ts';

/** Times in which a program ran that the drill had started: its fault or recovery, or its undo. */
export interface ProgramRun {
  /** Or the phase. */
  step: string;
  /** What it did stays: it is the recovery. */
  stays: boolean;
  /** By the wall clock (milliseconds since 1970); open where nothing tells that it has ended. */
  from: number;
  until: number;
}

/** All of them, as the journal tells. */
export function programRuns(entries: readonly JournalEntry[]): ProgramRun[] {
  const runs: ProgramRun[] = [];
  for (const {id, target, step, phase, undone} of mutationsOf(entries)) {
    if (!isOutside(target)) continue;
    const about = entries.filter((entry) => 'mutation' in entry && entry.mutation === id);
    for (const [index, entry] of about.entries()) {
      if (entry.type !== 'mutation.intent' && entry.type !== 'undo.started') continue;
      const next = about[index + 1];
      runs.push({
        ...{step: step ?? phase, stays: undone === 'kept', from: Date.parse(entry.at)},
        until: next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next.at),
      });
    }
  }
  return runs;
}

/** Milliseconds: field owners have their times in whole seconds, rounded down. */
const second = 1000;

/** The programs that ran when one of these writes was made. */
export const programsBehind = (
  writes: readonly {time: number}[],
  {programs}: {programs: readonly ProgramRun[]},
): ProgramRun[] => programs.filter(({from, until}) => writes.some(({time}) => time + second > from && time <= until));
