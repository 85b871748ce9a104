import type {JournalEntry} from '../../journal/types.ts';

/**
 * Earliest instant at which the fault can have bitten, on the runner's clock: when the first fault's call went out, or
 * a manual fault began. Absent while none did.
 */
export function faultBeganAt(entries: readonly JournalEntry[]): number | undefined {
  for (const entry of entries) {
    if (entry.type === 'mutation.intent' && entry.role === 'fault') return entry.mono;
    if (entry.type === 'step.started' && entry.path.startsWith('inject.')) return entry.mono;
  }
  return undefined;
}

/** Latest instant at which it can have bitten: when the first fault's call was answered, or a manual fault had ended. */
export function faultAnsweredAt(entries: readonly JournalEntry[]): number | undefined {
  const faults = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'mutation.intent' && entry.role === 'fault') faults.add(entry.mutation);
    if (entry.type === 'mutation.applied' && faults.has(entry.mutation)) return entry.mono;
    if (entry.type === 'mutation.failed' && entry.maybeApplied && faults.has(entry.mutation)) return entry.mono;
    if (entry.type === 'step.ended' && entry.path.startsWith('inject.')) return entry.mono;
  }
  return undefined;
}
