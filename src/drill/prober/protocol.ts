import * as z from 'zod';
import {isJsonObject, parseJson} from '../../io/json.ts';
import {json} from '../../io/json-schema.ts';
import type {Sample} from '../../io/sample.ts';
import {parseSample} from '../../measure/series.ts';
import type {Reading} from '../../probes/define.ts';

/** Where the configuration is mounted in the pod. */
export const configFile = '/etc/kubedrill/prober.json';
/** Port of `/clock` and `/readyz` in the pod. */
export const proberPort = 8099;

/** What the prober is told to do; the text of `prober.json`. All times are milliseconds. */
export const proberConfig = z.strictObject({
  v: z.literal(1),
  /** It samples no longer than this, so that a forgotten prober stops by itself. */
  lifetime: z.number().positive(),
  /** Nor after this instant (UTC): a process that is started again has a lifetime anew. */
  expires: z.iso.datetime(),
  /** Variables that every `expect` may name. */
  scope: z.record(z.string(), json()),
  probes: z.array(
    z.strictObject({
      name: z.string(),
      uses: z.string(),
      with: z.record(z.string(), json()),
      expect: z.string().optional(),
      every: z.number().positive(),
      timeout: z.number().positive(),
    }),
  ),
});
export type ProberConfig = z.infer<typeof proberConfig>;

/** The answer of `GET /clock`. */
export interface ClockAnswer {
  /** The process's monotonic clock, milliseconds. */
  mono: number;
  /** UTC, ISO 8601. */
  wall: string;
  /** Names the process: after a restart the clock is another one. */
  boot: string;
}

/** One line of the prober's log. */
export type ProberLine =
  /** First line of a process. */
  | {type: 'start'; boot: string}
  /** `skipped`: due instants left out since the sample before it, so that a reader can tell them from lost lines. */
  | {type: 'sample'; probe: string; sample: Sample; skipped: number}
  /** What the probe's control said; printed once. */
  | {type: 'control'; probe: string; reading: Reading};

export const startLine = (boot: string) => JSON.stringify({boot});

export const sampleLine = (series: string, sample: Sample, skipped: number) =>
  JSON.stringify({series, ...sample, ...(skipped > 0 ? {skipped} : {})});

export const controlLine = (control: string, {state, detail}: Reading) =>
  JSON.stringify({control, state, ...(detail === undefined ? {} : {detail})});

/** One line of the log, or undefined when it is none of ours. */
export function parseLine(text: string): ProberLine | undefined {
  const value = parsed(text);
  if (!isJsonObject(value)) return undefined;
  if (typeof value.boot === 'string') return {type: 'start', boot: value.boot};
  const {control, state, detail} = value;
  if (typeof control === 'string') {
    if (state !== 'ok' && state !== 'bad' && state !== 'blind') return undefined;
    return {type: 'control', probe: control, reading: {state, ...(typeof detail === 'string' ? {detail} : {})}};
  }
  const sample = parseSample(text);
  if (!sample || typeof value.series !== 'string') return undefined;
  const skipped = typeof value.skipped === 'number' ? value.skipped : 0;
  return {type: 'sample', probe: value.series, sample, skipped};
}

/** The answer of `GET /clock`, or undefined when the body is something else. */
export function parseClock(text: string): ClockAnswer | undefined {
  const value = parsed(text);
  if (!isJsonObject(value)) return undefined;
  const {mono, wall, boot} = value;
  return typeof mono === 'number' && typeof wall === 'string' && typeof boot === 'string'
    ? {mono, wall, boot}
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
