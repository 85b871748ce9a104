import * as z from 'zod';
import type {JsonObject} from '../../io/json.ts';
import type {ReportDocument} from '../types.ts';
import {account} from './account.ts';
import {check, compared, guard, mutation, step} from './happened.ts';
import {canary, detection, objective, series, service, timelineRow} from './measured.ts';
import {cleanup, instant, ms, phase, text, verdict} from './parts.ts';
import {plan} from './plan.ts';
import {cluster, earlierRun, file, finding, previous, run, trend} from './run.ts';

/** Every optional member made mandatory: without this, a type that lacks one counts as the same. JSON has no end. */
type Whole<T> = T extends readonly (infer Item)[]
  ? JsonObject extends Item
    ? 'json'
    : Whole<Item>[]
  : T extends object
    ? string extends keyof T
      ? 'json'
      : {[Key in keyof T]-?: Whole<T[Key]>}
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Compiles only while the schema and the model are the same, in both directions. */
const exactly =
  <Model>() =>
  <Schema extends z.ZodType>(
    schema: Same<Whole<z.output<Schema>>, Whole<Model>> extends true ? Schema : never,
  ): Schema =>
    schema;

/** report.json, version 1: only additions within a version. */
export const reportSchema = exactly<ReportDocument>()(
  z
    .strictObject({
      apiVersion: z.literal('kubedrill.dev/v1'),
      kind: z.literal('Report'),
      verdict: z.strictObject({
        verdict,
        cleanup,
        exitCode: z.int(),
        reasons: z.array(text),
        advice: z.array(text).exactOptional(),
        sentence: text,
      }),
      origin: z
        .strictObject({mono: ms, at: text})
        .describe("Where the runner's monotonic clock, which all instants are of, stood at a UTC instant"),
      end: ms,
      complete: z.boolean(),
      run: run.exactOptional(),
      rollbacks: z.array(z.strictObject({at: text, operator: text, reason: text, version: text})),
      cluster: cluster.exactOptional(),
      plan: plan.exactOptional(),
      phases: z.array(z.strictObject({phase, start: ms, end: ms})),
      guards: z.array(guard),
      injected: z.boolean().describe('A fault was, or may have been, injected'),
      stopped: z.strictObject({cause: text, detail: text}).exactOptional(),
      signals: z.array(text),
      marks: z.array(z.strictObject({name: text, by: text, at: ms})),
      fault: instant.exactOptional(),
      window: z.strictObject({from: ms, until: ms}).exactOptional(),
      wallForward: ms
        .describe(
          'How far the wall clock went ahead of the monotonic one in the window or later: the runner may have slept',
        )
        .exactOptional(),
      timeline: z.array(timelineRow),
      services: z.array(service),
      series: z.array(series),
      strips: z.strictObject({from: ms, column: ms}).exactOptional(),
      canaries: z.array(canary),
      detections: z.array(detection),
      objectives: z.array(objective),
      checks: z.array(check),
      effects: z.array(
        z.strictObject({
          path: text,
          seen: z.boolean(),
          detail: text,
          ownWrite: z.literal(true).exactOptional(),
          before: text.exactOptional(),
        }),
      ),
      account: account.exactOptional(),
      steps: z.array(step),
      mutations: z.array(mutation),
      compared: compared.exactOptional(),
      notes: z.array(text),
      findings: z.array(finding),
      earlier: z.array(earlierRun),
      trend: trend.exactOptional(),
      previous: previous.exactOptional(),
      files: z.array(file),
      damage: z.array(text),
    })
    .describe('report.json of kubedrill'),
);

/** JSON Schema (draft 7) of report.json. */
export function reportJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(reportSchema, {target: 'draft-7', reused: 'ref'});
  return {title: 'kubedrill report', ...(JSON.parse(JSON.stringify(schema)) as JsonObject)};
}
