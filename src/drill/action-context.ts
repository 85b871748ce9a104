import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import type {ActionContext, Mutate, RunInfo, Vault} from '../actions/define.ts';
import type {Connection} from '../cluster/types.ts';
import {InternalError, messageOf, UsageError} from '../io/errors.ts';
import {createRandom} from '../io/random.ts';
import type {Role, StepRecord} from '../journal/types.ts';
import type {DrillRequest} from './types.ts';

interface ContextParts {
  request: Pick<DrillRequest, 'scenario' | 'seed' | 'namespace' | 'clock' | 'log' | 'exec' | 'dial'>;
  connection: Pick<Connection, 'reader' | 'namespace'>;
  run: RunInfo;
  vault: Vault;
  /** Path of the step: with the run's seed it fixes the step's random choices, in plan and run alike. */
  path: string;
  signal: AbortSignal;
  mutate: Mutate;
}

/** The role of a phase's mutations. */
export const roles: Readonly<Record<StepRecord['phase'], Role>> = {
  prepare: 'fixture',
  inject: 'fault',
  recover: 'recovery',
};

/** What one step's action may use. */
export function actionContext({request, connection, run, vault, path, signal, mutate}: ContextParts): ActionContext {
  return {
    signal,
    clock: request.clock,
    log: request.log,
    cluster: connection.reader,
    mutate,
    exec: request.exec,
    vault,
    dial: request.dial,
    random: createRandom(stepSeed(request.seed, path)),
    run,
    role: roles[phaseOf(path)],
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

/** While planning nothing may change. */
export const noMutation: Mutate = () => Promise.reject(new InternalError('an action changed something while planning'));

/** While planning nothing is stored. */
export const noVault: Vault = {
  put: () => Promise.reject(new InternalError('an action stored something while planning')),
  get: () => Promise.reject(new InternalError('an action read the vault while planning')),
};
