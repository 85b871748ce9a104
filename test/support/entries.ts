import {type JournalEntry, type JournalEvent, journalVersion} from '../../src/journal/types.ts';

/** Journal entries from events: numbered from 0, one every 100 ms from monotonic 0 and from a fixed wall-clock start. */
export function entries(events: readonly JournalEvent[]): JournalEntry[] {
  return events.map((event, seq) => ({
    v: journalVersion,
    seq,
    at: new Date(Date.UTC(2026, 10, 20, 21, 40, 7) + seq * 100).toISOString(),
    mono: seq * 100,
    ...event,
  }));
}
