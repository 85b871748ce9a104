import {verdictSentence} from './sentence.ts';
import type {ReportDocument, ReportModel, VerdictResult} from './types.ts';

/**
 * report.json: the model as it is, under the verdict. Times are milliseconds on the runner's monotonic clock, whose
 * instant `origin.mono` was `origin.at` (UTC); durations are milliseconds.
 */
export function renderJson(model: ReportModel, result: VerdictResult): string {
  const document: ReportDocument = {
    apiVersion: 'kubedrill.dev/v1',
    kind: 'Report',
    verdict: {...result, sentence: verdictSentence(model, result)},
    ...model,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
