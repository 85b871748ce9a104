import {isPractice, verdictSentence} from '../sentence.ts';
import type {ReportModel, VerdictResult} from '../types.ts';
import {account} from './account.ts';
import {background} from './background.ts';
import {changes} from './changes.ts';
import {type Block, own, type Page} from './content.ts';
import {evidence} from './evidence.ts';
import {followUp} from './follow-up.ts';
import {frontPage} from './front.ts';
import {measurements} from './measurements.ts';

/** The line that every report of a practice run begins with. */
const practiceNotice = 'practice run on the built-in simulated cluster, not on a Kubernetes cluster';

/** The report for people: page one for everybody, then what an auditor and an engineer want to see. */
export function reportPage(model: ReportModel, result: VerdictResult): Page {
  return {
    title: verdictSentence(model, result),
    blocks: [
      ...notice(model),
      ...frontPage(model, result),
      ...measurements(model),
      ...account(model),
      ...evidence(model),
      ...changes(model),
      ...followUp(model),
      ...background(model),
    ],
  };
}

/** Page one alone, for places that show many reports. */
export function summaryPage(model: ReportModel, result: VerdictResult): Page {
  return {title: verdictSentence(model, result), blocks: [...notice(model), ...frontPage(model, result)]};
}

const notice = (model: ReportModel): Block[] =>
  isPractice(model) ? [{kind: 'notice', line: own(`${practiceNotice}.`)}] : [];
