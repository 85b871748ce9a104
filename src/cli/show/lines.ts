import {formatDuration} from '../../io/duration.ts';
import {type Target, targetText} from '../../io/target.ts';
import {count, oneLine, type Paint} from '../../io/text.ts';
import type {StepRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {Difference} from '../../journal/world.ts';

/** What a run has told so far, as far as later lines need it. */
export interface LineContext {
  steps: ReadonlyMap<string, StepRecord>;
  /** When each running step began, on the runner's clock. */
  begun: ReadonlyMap<string, number>;
  /** What each mutation changed, in words. */
  mutated: ReadonlyMap<string, string>;
}

/**
 * One line for each change of state, without the time in front; undefined for entries that only the report needs.
 * Text from the cluster is made harmless.
 */
export function lineOf(entry: JournalEntry, context: LineContext, paint: Paint): string | undefined {
  switch (entry.type) {
    case 'run.started':
      return `run ${paint('bold', entry.run.id)}: ${oneLine(entry.scenario.title)}`;
    case 'run.resumed':
      return `run resumed: ${oneLine(entry.reason)}`;
    case 'cluster.identified':
      return oneLine(
        `cluster ${entry.context} (${entry.version}, ${count(entry.nodes.length, 'node')}, ` +
          `environment ${entry.environment}: ${entry.environmentSource})`,
      );
    case 'guard.answered':
      return entry.ok ? undefined : refusal(entry, paint);
    case 'phase.entered':
      return paint('cyan', `phase ${entry.phase}`);
    case 'step.started':
      return `${stepName(entry.path, context)}${targets(entry.targets)}`;
    case 'step.ended':
      return stepEnded(entry, context, paint);
    case 'mutation.failed':
      return `${paint('yellow', 'call failed')}: ${oneLine(entry.error.message)}`;
    case 'undo.started':
      return undefined;
    case 'undo.ended':
      return undoEnded(entry, context, paint);
    case 'effect.seen':
      return `${entry.seen ? 'effect seen' : paint('yellow', 'effect not seen')}: ${oneLine(entry.detail)}`;
    case 'check.answered':
      return `check "${oneLine(entry.check)}" ${entry.moment}: ${entry.answer}${detail(entry.detail)}`;
    case 'control.answered':
      return entry.state === 'bad'
        ? undefined
        : paint('yellow', `control of ${entry.series} was ${entry.state}, not bad`);
    case 'series.gap':
      return paint(
        'yellow',
        `${entry.series}: samples ${entry.fromSeq}–${entry.toSeq} are lost (${oneLine(entry.reason)})`,
      );
    case 'canary.read':
      return entry.error === undefined
        ? undefined
        : paint(
            'yellow',
            `the canary ${oneLine(entry.canary)} could not be read (${entry.moment}): ${oneLine(entry.error)}`,
          );
    case 'mark':
      return `marked ${entry.name} by ${oneLine(entry.by)}`;
    case 'note':
      return oneLine(entry.text);
    case 'mutation.applied': {
      const warned = (entry.warnings ?? []).map((text) => oneLine(text)).join('; ');
      return warned === '' ? undefined : paint('yellow', `the API server warned (${entry.mutation}): ${warned}`);
    }
    case 'signal':
      return paint('yellow', `${entry.name}: stopping, undoing, reporting; once more to leave at once`);
    case 'stopped':
      return paint('yellow', `stopped (${entry.cause}): ${oneLine(entry.detail)}`);
    case 'world.compared':
      return comparedLine(entry, paint);
    case 'world.noted':
    case 'plan.made':
    case 'mutation.intent':
    case 'series.opened':
    case 'canary.opened':
    case 'recoveryPoint.verified':
    case 'clock.measured':
    case 'past.read':
    case 'verdict':
    case 'run.ended':
      return undefined;
  }
}

function comparedLine({objects, differences}: {objects: number; differences: Difference[]}, paint: Paint): string {
  const open = differences.filter(({explained}) => explained === undefined);
  const what = `compared ${count(objects, 'object')} with what they were before: `;
  if (open.length === 0) return `${what}${count(differences.length, 'difference')}`;
  const names = open
    .slice(0, 3)
    .map(({target, change, paths}) => `${targetText(target)} ${change} ${paths.join(', ')}`);
  return `${what}${paint('red', `${open.length} unexplained`)}: ${oneLine(names.join('; '))}`;
}

function refusal({message, hint}: {message: string; hint?: string}, paint: Paint): string {
  return `${paint('red', 'no')}: ${oneLine(message)}${hint ? ` ${oneLine(hint)}` : ''}`;
}

function stepName(path: string, {steps}: LineContext): string {
  const step = steps.get(path);
  const what = step?.uses ?? step?.text ?? step?.form;
  return oneLine(`step ${path}${step?.id ? ` ${step.id}` : ''}${what ? `: ${what}` : ''}`);
}

function targets(list: readonly Target[] | undefined): string {
  if (!list || list.length === 0) return '';
  const names = list.slice(0, 3).map(targetText);
  const rest = list.length - names.length;
  return ` → ${oneLine(`${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`)}`;
}

function stepEnded(entry: JournalEntry & {type: 'step.ended'}, context: LineContext, paint: Paint): string {
  const begun = context.begun.get(entry.path);
  const took = begun === undefined ? '' : ` after ${formatDuration(entry.mono - begun)}`;
  const good = ['done', 'deviated', 'skipped'].includes(entry.outcome);
  const why = entry.error ? `: ${oneLine(entry.error.message)}` : detail(entry.note);
  return `${stepName(entry.path, context)} ${good ? entry.outcome : paint('red', entry.outcome)}${took}${why}`;
}

function undoEnded(
  entry: JournalEntry & {type: 'undo.ended'},
  {mutated}: LineContext,
  paint: Paint,
): string | undefined {
  const of = mutated.has(entry.mutation) ? ` of ${oneLine(mutated.get(entry.mutation) ?? '')}` : '';
  if (entry.state === 'conflict' || entry.state === 'failed') {
    const command = entry.command ? `; by hand: ${oneLine(entry.command)}` : '';
    return `${paint('red', `undo${of} ${entry.state}`)}${detail(entry.detail)}${command}`;
  }
  return `undo${of}: ${undoWords[entry.state]}${detail(entry.detail)}`;
}

/** An undo that leaves nothing to do, in words. */
const undoWords = {undone: 'undone', already: 'nothing left to undo', kept: 'kept, as it is the recovery'} as const;

const detail = (text: string | undefined): string => (text ? `: ${oneLine(text)}` : '');
