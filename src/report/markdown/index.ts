import {verdictSentence} from '../sentence.ts';
import type {ReportModel, VerdictResult} from '../types.ts';
import {background} from './background.ts';
import {changes} from './changes.ts';
import {text} from './escape.ts';
import {evidence} from './evidence.ts';
import {frontPage} from './front.ts';
import {measurements} from './measurements.ts';

/** The line that every report of a practice run begins with. */
const practiceNotice = 'practice run on the built-in simulated cluster, not on a Kubernetes cluster';

/** report.md: page one for everybody, then what an auditor and an engineer want to see. Ends with a line feed. */
export function renderMarkdown(model: ReportModel, result: VerdictResult): string {
  const lines = [
    `# ${text(verdictSentence(model, result))}`,
    '',
    ...(model.cluster?.practice ? [`> **Notice:** ${practiceNotice}.`, ''] : []),
    ...frontPage(model, result),
    ...measurements(model),
    ...evidence(model),
    ...changes(model),
    ...background(model),
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}
