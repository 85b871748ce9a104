import type {Redactor} from './redact.ts';

/** `ok` and `bad` are answers about the thing asked; `blind` says that it could not be asked. */
export type SampleState = 'ok' | 'bad' | 'blind';

/** One sample of a series: the state held at some instant between `start` and `end`. */
export interface Sample {
  /** Counts due instants from 0; a skipped one (overrun) leaves a hole. */
  seq: number;
  /** Milliseconds on the series' own monotonic clock. */
  start: number;
  end: number;
  state: SampleState;
  /** Why, in a few words: `NXDOMAIN`, `ECONNREFUSED`, `503`. */
  detail?: string;
}

/** A sample whose detail, which may quote an answer, holds no secret. */
export function withoutSecrets(sample: Sample, redactor: Redactor): Sample {
  return sample.detail === undefined ? sample : {...sample, detail: redactor.text(sample.detail)};
}
