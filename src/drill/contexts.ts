import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import type {
  ActionContext,
  ActionDefinition,
  Mutate,
  RunInfo,
  Trial,
  UndoContext,
  Vault,
  Writer,
} from '../actions/define.ts';
import type {Connection} from '../cluster/types.ts';
import {withOptions} from '../cluster/write.ts';
import type {Critical} from '../io/critical.ts';
import {InternalError, messageOf, UsageError} from '../io/errors.ts';
import {createRandom} from '../io/random.ts';
import type {StepRecord} from '../journal/plan.ts';
import type {JournalEntry, Role} from '../journal/types.ts';
import {type MeansAtHand, meansFor, type Need} from '../outside/means.ts';
import type {DrillRequest} from './types.ts';
import {isFixture} from './undo/own-work.ts';

interface ContextParts {
  /** The kind of action that the context is for: it gets the means that it has declared. */
  definition: Pick<ActionDefinition, 'kind' | 'needs'>;
  request: Pick<DrillRequest, 'scenario' | 'seed' | 'namespace' | 'clock' | 'log' | 'dial'>;
  /** Without `writer` nothing can be tried out: there is no cluster yet. */
  connection: Pick<Connection, 'reader' | 'namespace'> & Partial<Pick<Connection, 'writer'>>;
  means: MeansAtHand;
  run: RunInfo;
  vault: Vault;
  /** Path of the step: with the run's seed it fixes the step's random choices, in plan and run alike. */
  path: string;
  signal: AbortSignal;
  mutate: Mutate<Need>;
  critical: Critical;
  /** The journal so far; absent where nothing has been done yet. */
  entries?: readonly JournalEntry[];
}

/** The role of a phase's mutations. */
export const roles: Readonly<Record<StepRecord['phase'], Role>> = {
  prepare: 'fixture',
  inject: 'fault',
  recover: 'recovery',
};

/** What one step's action may use. Throws a RefusedError when means that it has declared are not at hand. */
export function actionContext(parts: ContextParts): ActionContext<Need> {
  const {definition, request, connection, means, run, vault, path, signal, mutate, critical, entries = []} = parts;
  return {
    // Only those that it has declared are there; its own type says so as well.
    ...meansFor<Need>(definition, means).look,
    signal,
    clock: request.clock,
    log: request.log,
    cluster: connection.reader,
    trial: connection.writer === undefined ? noTrial : withOptions(connection.writer, {dryRun: true}),
    mutate,
    vault,
    dial: request.dial,
    random: createRandom(stepSeed(request.seed, path)),
    run,
    role: roles[phaseOf(path)],
    isFixture: (ref) => isFixture(entries, ref),
    defaultNamespace: request.namespace ?? connection.namespace,
    readFile: async (file) => {
      try {
        return await readFile(resolve(request.scenario.dir, file), 'utf8');
      } catch (error) {
        throw new UsageError(`${file}, named in ${request.scenario.file}, cannot be read: ${messageOf(error)}`, {
          code: 'E_FILE',
          hint: 'Files in a scenario are relative to the folder of the scenario file.',
          cause: error,
        });
      }
    },
    critical,
  };
}

function phaseOf(path: string): StepRecord['phase'] {
  const [phase] = path.split('.');
  return phase === 'prepare' || phase === 'inject' ? phase : 'recover';
}

/** Each step has its own stream, so that adding a step does not change what the others choose. */
function stepSeed(seed: number, path: string): number {
  return createHash('sha256').update(`${seed}/${path}`).digest().readUInt32BE(0);
}

/** What changes the cluster, and the means that a definition has declared. Throws as {@link actionContext} does. */
export function writerFor(
  definition: Pick<ActionDefinition, 'kind' | 'needs'>,
  {connection, means}: {connection: Pick<Connection, 'writer'>; means: MeansAtHand},
): Writer<Need> {
  return {cluster: connection.writer, ...meansFor<Need>(definition, means).change};
}

/** What undoing has around it, in a run and in a rollback of one. */
export interface UndoSurroundings extends Omit<UndoContext, 'signal' | 'cluster' | 'write' | 'own' | 'heldTime'> {
  connection: Pick<Connection, 'reader' | 'writer'>;
  means: MeansAtHand;
}

/** What one undo may use. Throws as {@link actionContext} does. */
export function undoContext(
  definition: Pick<ActionDefinition, 'kind' | 'needs'>,
  surroundings: UndoSurroundings,
  {own, signal, heldTime}: Pick<UndoContext, 'own' | 'signal' | 'heldTime'>,
): UndoContext<Need> {
  const {connection, means, clock, log, vault, run, critical} = surroundings;
  return {
    ...meansFor<Need>(definition, means).look,
    signal,
    clock,
    log,
    cluster: connection.reader,
    // What was there once comes back as far as it can.
    write: writerFor(definition, {means, connection: {writer: withOptions(connection.writer, {lenient: true})}}),
    vault,
    run,
    own,
    ...(heldTime === undefined ? {} : {heldTime}),
    critical,
  };
}

/** While planning nothing may change. */
export const noMutation: Mutate<Need> = () =>
  Promise.reject(new InternalError('an action changed something while planning'));

/** Without a cluster nothing can be tried out. */
const noTrial: Trial = {
  apply: () => Promise.reject(new InternalError('an action tried a write out without a cluster')),
  patch: () => Promise.reject(new InternalError('an action tried a write out without a cluster')),
};

/** Where nothing changes, nothing is cut off half-way. */
export const uncritical: Critical = (_, work) => work();

/** While planning nothing is stored. */
export const noVault: Vault = {
  put: () => Promise.reject(new InternalError('an action stored something while planning')),
  get: () => Promise.reject(new InternalError('an action read the vault while planning')),
};
