import {needsFault, refusalCodes, type VerdictRow} from './row.ts';

/** Nothing was injected, because something said no. */
export const refusedRows: readonly VerdictRow[] = [
  {
    verdict: 'refused',
    when: 'nothing was injected, and a guard, a permission, the steady state, the gate or the recovery point said no',
    reasons: (model) => {
      if (model.injected) return [];
      return model.guards.filter(({ok}) => !ok).map(({message}) => sentence(message));
    },
  },
  {
    verdict: 'refused',
    when: 'nothing was injected, and a check answered otherwise before the fault than the scenario declares',
    reasons: (model) => {
      if (model.injected || !needsFault(model)) return [];
      return model.checks
        .filter(({moments: {before}}) => before.seen !== undefined && !before.asWanted)
        .map(
          ({name, moments: {before}}) =>
            `Before the fault, the check "${name}" answered ${before.seen} instead of ${before.wanted}.`,
        );
    },
  },
  {
    verdict: 'refused',
    when: 'nothing was injected, as a step found right before it acted that it may not, or that it has no target',
    reasons: ({injected, steps}) =>
      injected
        ? []
        : steps.flatMap(({outcome, error}) =>
            outcome === 'failed' && error && refusalCodes.has(error.code) ? [sentence(error.message)] : [],
          ),
  },
  {
    verdict: 'refused',
    when: 'nothing was injected, and a deadline or stop condition came first',
    reasons: ({injected, stopped}) =>
      !injected && (stopped?.cause === 'deadline' || stopped?.cause === 'stopWhen') ? [sentence(stopped.detail)] : [],
  },
];

/** Capital letter and full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'No reason was given.';
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}
