import type {Mutate, Vault, Writer} from '../../actions/define.ts';
import type {ClusterWriter, Connection} from '../../cluster/types.ts';
import {messageOf} from '../../io/errors.ts';
import type {Need} from '../../outside/means.ts';
import {parseInput} from '../../scenario/index.ts';
import {actionContext, noVault, uncritical} from '../contexts.ts';
import {sha256} from '../record/vault.ts';
import type {PlannedStep, Prepared, Session} from '../session.ts';
import type {DryRunAnswer} from '../types.ts';
import {actionOf} from './steps.ts';

/**
 * Plays every step that can be resolved by now with `dryRun=All` on each write: the API server checks and admits, and
 * changes nothing. Commands are not run, and steps that need what an earlier one makes are left out, named as such.
 */
export async function dryRunSteps(
  {steps, connection, means}: Prepared,
  {request, run}: Pick<Session, 'request' | 'run'>,
): Promise<DryRunAnswer[]> {
  const answers: DryRunAnswer[] = [];
  for (const {record} of Object.values(steps).flat().flatMap(withInner)) {
    if (record.form !== 'uses' || record.skipped === true) continue;
    const {path, uses = ''} = record;
    if (record.deferred === true) {
      answers.push({path, uses, sent: 0, skipped: 'it needs what an earlier step makes'});
      continue;
    }
    let sent = 0;
    const mutate = dryMutate(connection, () => {
      sent += 1;
    });
    try {
      const definition = actionOf(uses);
      // Only the API server can try something out without doing it.
      if (definition.needs !== undefined) throw new NotInDryRun();
      const context = actionContext({
        ...{definition, request, connection, means, run, vault: discard, path, signal: request.abort, mutate},
        critical: uncritical,
      });
      const input = parseInput(definition.input, record.with ?? {}, `${path}.with`);
      await definition.run(context, input, await definition.plan(context, input));
      answers.push({path, uses, sent});
    } catch (error) {
      const reason = error instanceof NotInDryRun ? {skipped: error.message} : {refused: messageOf(error)};
      answers.push({path, uses, sent, ...reason});
    }
  }
  return answers;
}

class NotInDryRun extends Error {
  constructor() {
    super('commands are not run in a dry run');
  }
}

const withInner = (step: PlannedStep): PlannedStep[] => [step, ...step.children.flatMap(withInner)];

/** Payloads of undos that will never be needed. */
const discard: Vault = {...noVault, put: async (file, content) => ({file, sha256: sha256(content)})};

/** No journal: nothing is changed, so there is nothing to take back. */
function dryMutate({writer}: Connection, count: () => void): Mutate<Need> {
  const cluster: ClusterWriter = {
    create: (object, options) => writer.create(object, {...options, dryRun: true}),
    apply: (object, options) => writer.apply(object, {...options, dryRun: true}),
    replace: (object, options) => writer.replace(object, {...options, dryRun: true}),
    patch: (ref, patch, options) => writer.patch(ref, patch, {...options, dryRun: true}),
    delete: (ref, options) => writer.delete(ref, {...options, dryRun: true}),
    evict: (pod, options) => writer.evict(pod, {...options, dryRun: true}),
  };
  return async (_, write) => {
    // Actions that write elsewhere have been left out.
    const answer = await write({cluster} as Writer<Need>);
    count();
    return answer;
  };
}
