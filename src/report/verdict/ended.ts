import type {StepReport} from '../happened.ts';
import type {ReportModel} from '../types.ts';
import {sentence} from './refused.ts';
import {manualAbort, needsFault, type VerdictRow} from './row.ts';

const broken: ReadonlySet<StepReport['outcome']> = new Set(['failed', 'timeout', 'lost']);

/** Whether a step did not end well. */
export const isBroken = (outcome: StepReport['outcome']): boolean => broken.has(outcome);

/** kubedrill itself failed, the cluster was lost, or the fault could not be made. */
export const errorRows: readonly VerdictRow[] = [
  {
    verdict: 'error',
    when: 'kubedrill failed, or the cluster was lost outside a fault',
    reasons: ({stopped}) =>
      stopped?.cause === 'error' || stopped?.cause === 'clusterLost' ? [sentence(stopped.detail)] : [],
  },
  {
    verdict: 'error',
    when: 'the run was cut off: its process died before the report',
    reasons: (model) => {
      if (model.complete || model.signals.length > 0) return [];
      const phase = model.phases.at(-1)?.phase;
      return [`The run was cut off${phase ? ` in the phase ${phase}` : ' before its first phase'}.`];
    },
  },
  {
    verdict: 'error',
    when: 'a step that prepares or injects failed: what was to be drilled did not happen as written',
    reasons: ({steps}) =>
      steps
        .filter(({phase, outcome, error}) => phase !== 'recover' && isBroken(outcome) && error?.code !== manualAbort)
        .map((step) => stepSentence(step)),
  },
  {
    verdict: 'error',
    when: 'a step ended the drill without its own record',
    reasons: ({stopped, steps}) =>
      stopped?.cause === 'step' && !steps.some(({outcome}) => isBroken(outcome)) ? [sentence(stopped.detail)] : [],
  },
  {
    verdict: 'error',
    when: 'nothing was injected although nothing said no and nobody ended the run',
    reasons: (model) =>
      !model.injected && model.stopped === undefined && model.signals.length === 0 && (needsFault(model) || !model.plan)
        ? ['No fault was injected, and the journal does not say why.']
        : [],
  },
];

/** A person or a signal ended it. */
export const abortedRows: readonly VerdictRow[] = [
  {
    verdict: 'aborted',
    when: 'a person or a signal ended it',
    reasons: (model) => {
      const {stopped, signals, steps, complete} = model;
      const refusing = steps.find(({error}) => error?.code === manualAbort);
      if (refusing) return [sentence(refusing.error?.message ?? `${refusing.path} was aborted`)];
      if (stopped?.cause === 'signal') return [`It was ended by ${stopped.detail}.`];
      if (stopped?.cause === 'abort') return [sentence(`it was ended by hand: ${stopped.detail}`)];
      // What had stopped it before the signal came decides.
      const isCutOff = !complete && stopped === undefined && signals.length > 0;
      return isCutOff ? [`It was ended by ${signals.join(', then ')}.`] : [];
    },
  },
];

/** What became of a step, in one sentence. */
export function stepSentence({path, id, uses, outcome, error}: ReportModel['steps'][number]): string {
  const name = `The step ${path}${id ? ` (${id})` : ''}${uses ? `, ${uses},` : ''}`;
  const how = {failed: 'failed', timeout: 'exceeded its time', lost: 'did not settle after it was stopped'}[
    outcome as 'failed' | 'timeout' | 'lost'
  ];
  return sentence(`${name} ${how}${error ? `: ${error.message}` : ''}`);
}
