import type {JournalEntry} from '../../journal/types.ts';
import type {Instant} from '../../measure/index.ts';
import {entriesOf} from './entries.ts';

/**
 * t0 as an interval: from the journalled intent of the first fault to the answer of its call, or from the begin to the
 * end of a manual step in inject. Of several in parallel nobody knows which bit first: from the first intent, that is,
 * to the first answer. A call without a good answer counts when it may have taken effect; one that was never
 * answered counts up to the end of the entries. Undefined: no fault was injected.
 */
export function faultInstant(entries: readonly JournalEntry[]): Instant | undefined {
  const found = [...mutations(entries), ...manualFaults(entries)];
  if (found.length === 0) return undefined;
  return {
    earliest: Math.min(...found.map(({earliest}) => earliest)),
    latest: Math.min(...found.map(({latest}) => latest)),
  };
}

function mutations(entries: readonly JournalEntry[]): Instant[] {
  const answers = new Map<string, JournalEntry>();
  for (const entry of entries) {
    if (entry.type === 'mutation.applied' || entry.type === 'mutation.failed') answers.set(entry.mutation, entry);
  }
  return entriesOf(entries, 'mutation.intent')
    .filter(({role}) => role === 'fault')
    .flatMap(({mutation, mono}) => {
      const answer = answers.get(mutation);
      if (answer?.type === 'mutation.failed' && !answer.maybeApplied) return [];
      return [{earliest: mono, latest: answer?.mono ?? entries.at(-1)?.mono ?? mono}];
    });
}

function manualFaults(entries: readonly JournalEntry[]): Instant[] {
  const plan = entriesOf(entries, 'plan.made').at(-1)?.plan;
  const manual = new Set(
    plan?.steps.filter(({phase, form}) => phase === 'inject' && form === 'manual').map(({path}) => path),
  );
  const ends = entriesOf(entries, 'step.ended');
  return entriesOf(entries, 'step.started')
    .filter(({path}) => manual.has(path))
    .flatMap(({path, mono}) => {
      const end = ends.find((entry) => entry.path === path);
      // Skipped for want of a person: nobody did anything.
      if (end?.outcome === 'skipped') return [];
      return [{earliest: mono, latest: end?.mono ?? entries.at(-1)?.mono ?? mono}];
    });
}
