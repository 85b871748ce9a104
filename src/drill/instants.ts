import type {JournalEntry} from '../journal/types.ts';

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
