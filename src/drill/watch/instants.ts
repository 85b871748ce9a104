import type {JournalEntry} from '../../journal/types.ts';
import {faultInstant} from '../../report/model/fault.ts';

// The report counts from these instants as well: one source for both.

/** Earliest instant at which a fault can have bitten, on the runner's clock. Absent while none went out. */
export const faultBeganAt = (entries: readonly JournalEntry[]): number | undefined => faultInstant(entries)?.earliest;

/** Latest instant at which the first fault can have bitten. Absent while none went out. */
export const faultAnsweredAt = (entries: readonly JournalEntry[]): number | undefined => faultInstant(entries)?.latest;
