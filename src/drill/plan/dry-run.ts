import type {Vault} from '../../actions/define.ts';
import {messageOf} from '../../io/errors.ts';
import {parseInput} from '../../scenario/index.ts';
import {actionContext, noVault, uncritical} from '../contexts.ts';
import {sha256} from '../record/vault.ts';
import type {PlannedStep, Prepared, Session} from '../session.ts';
import type {DryRunAnswer} from '../types.ts';
import {type DryProgress, dryClock, dryMutate, NothingHappens} from './dry-writer.ts';
import {actionOf} from './steps.ts';

/**
 * Plays every step that can be resolved by now with `dryRun=All` on each write: the API server checks and admits, and
 * changes nothing. Commands are not run, and steps that need what an earlier one makes are left out, named as such.
 */
export async function dryRunSteps(
  {steps, connection, means}: Prepared,
  {request, run}: Pick<Session, 'request' | 'run'>,
): Promise<DryRunAnswer[]> {
  const made = new Set<string>();
  const answers: DryRunAnswer[] = [];
  for (const {record} of Object.values(steps).flat().flatMap(withInner)) {
    if (record.form !== 'uses' || record.skipped === true) continue;
    const {path, uses = ''} = record;
    const progress: DryProgress = {sent: 0, notes: []};
    const answer = (more: Pick<DryRunAnswer, 'refused' | 'skipped'> = {}) => {
      const {sent, notes} = progress;
      answers.push({path, uses, sent, ...more, ...(notes.length > 0 ? {notes} : {})});
    };
    const definition = actionOf(uses);
    // Only the API server can try something out without doing it.
    if (definition.needs !== undefined) answer({skipped: 'only writes to the API can be tried out'});
    else if (record.deferred === true) answer({skipped: 'it needs what an earlier step makes'});
    else {
      try {
        const context = actionContext({
          ...{definition, connection, means, run, vault: discard, path, signal: request.abort},
          request: {...request, clock: dryClock(request.clock, progress)},
          mutate: dryMutate(connection, progress, made),
          critical: uncritical,
        });
        const input = parseInput(definition.input, record.with ?? {}, `${path}.with`);
        await definition.run(context, input, await definition.plan(context, input));
        answer();
      } catch (error) {
        if (request.abort.aborted) throw error;
        answer(error instanceof NothingHappens ? {} : {refused: messageOf(error)});
      }
    }
  }
  return answers;
}

const withInner = (step: PlannedStep): PlannedStep[] => [step, ...step.children.flatMap(withInner)];

/** Payloads of undos that will never be needed. */
const discard: Vault = {...noVault, put: async (file, content) => ({file, sha256: sha256(content)})};
