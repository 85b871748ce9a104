import type {Verdict} from '../../journal/types.ts';
import type {ReportModel} from '../types.ts';

/** One row of the verdict table. The first row that has a reason decides; all reasons of its verdict are given. */
export interface VerdictRow {
  verdict: Exclude<Verdict, 'passed'>;
  /** In words, for docs/verdicts.md. */
  when: string;
  /** Sentences; none when the row does not apply. Total: must not throw for any model. */
  reasons: (model: ReportModel) => string[];
  /** What to do about it, where the same run would only come to the same. */
  next?: string;
}

/** Disaster and redundancy drills prove something only when the fault took place. */
export const needsFault = ({plan}: ReportModel): boolean => plan?.type === 'disaster' || plan?.type === 'redundancy';

/** A person ended a manual step with "abort". */
export const manualAbort = 'E_MANUAL_ABORT';

/** Codes of steps that found, right before they would have acted, that they may not or that there is nothing to act on. */
export const refusalCodes: ReadonlySet<string> = new Set([
  'E_GUARD',
  'E_TARGET_NOT_FOUND',
  'E_TARGET_REFUSED',
  'E_FIXTURE',
  'E_MANIFEST',
  'E_PATCH',
]);
