import type {Target} from '../io/target.ts';
import type {CheckMoment, StepRecord, Wanted} from '../journal/plan.ts';
import type {ErrorRecord, Phase, Role} from '../journal/types.ts';

export interface GuardReport {
  phase: Phase;
  guard: string;
  ok: boolean;
  message: string;
  hint?: string;
}

export interface CheckAnswerReport {
  wanted: Wanted;
  /** The answer that counts; absent: never asked. */
  seen?: 'pass' | 'fail' | 'blind' | 'error';
  asWanted: boolean;
  detail?: string;
}

export interface CheckReport {
  name: string;
  uses: string;
  expect?: string;
  moments: Record<CheckMoment, CheckAnswerReport>;
  /** Name of the control that the scenario asks for, and what it answered: `fail` is what it must. */
  control?: {name: string; seen?: 'pass' | 'fail' | 'blind' | 'error'};
}

export interface StepReport extends StepRecord {
  /** As the journal has it; `running` when it never ended. */
  outcome: 'done' | 'deviated' | 'failed' | 'timeout' | 'aborted' | 'lost' | 'skipped' | 'not executed' | 'running';
  started?: number;
  ended?: number;
  hit: Target[];
  error?: ErrorRecord;
  note?: string;
  who?: string;
}

export interface MutationReport {
  id: string;
  role: Role;
  phase: Phase;
  step?: string;
  target: Target;
  undoKind: string;
  applied: 'yes' | 'maybe' | 'no';
  undo: 'open' | 'undone' | 'already' | 'conflict' | 'failed' | 'kept';
  outstanding: boolean;
  detail?: string;
  /** What a person can run instead of the undo. */
  command?: string;
  error?: ErrorRecord;
  /** What the API server warned of when it took the change. */
  warnings?: string[];
}
