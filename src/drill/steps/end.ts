import type {JsonObject} from '../../io/json.ts';

/** How a step ended, when it did not fail. */
export interface StepEnd {
  outcome: 'done' | 'deviated' | 'skipped';
  outputs?: JsonObject;
  note?: string;
  who?: string;
}

/** Thrown into a running step by the drill; the outcome of the step follows from it. */
export class StepStopped extends Error {
  readonly outcome: 'timeout' | 'aborted';
  constructor(message: string, outcome: 'timeout' | 'aborted') {
    super(message);
    this.outcome = outcome;
  }
}
