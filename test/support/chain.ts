import {actions} from '../../src/actions/index.ts';
import type {Connection} from '../../src/cluster/types.ts';
import {actionContext, roles, type UndoSurroundings, uncritical, writerFor} from '../../src/drill/contexts.ts';
import {createMutate} from '../../src/drill/mutate.ts';
import {undoAll, undoStep} from '../../src/drill/undo/undo.ts';
import {systemClock} from '../../src/io/clock.ts';
import {directDial} from '../../src/io/dial.ts';
import {isJsonObject, type JsonObject} from '../../src/io/json.ts';
import {silentLog} from '../../src/io/log.ts';
import {createRedactor} from '../../src/io/redact.ts';
import {type Mutation, mutationsOf} from '../../src/journal/recover.ts';
import type {Cleanup} from '../../src/journal/types.ts';
import {memoryVault} from './action-context.ts';
import {createMemoryJournal} from './memory-journal.ts';

type ChainPhase = 'prepare' | 'inject' | 'recover';

/** Some steps of one drill, played one after the other on a cluster, with a real journal and the real undo. */
export interface Chain {
  /** Plays an action as a step of a phase. Resolves with the path of the step. */
  step(phase: ChainPhase, kind: string, input: JsonObject, end?: 'done' | 'failed'): Promise<string>;
  /** The step form `undo`, in the recovery. */
  undoStep(path: string): Promise<number>;
  /** The undo at the end of a run; killed before its undo with this number, when one is given. */
  undo(by: 'undo' | 'rollback', killedBefore?: number): Promise<Cleanup | 'killed'>;
  /** Every mutation, with what its last undo said. */
  ends(): {id: string; kind: string; undone: Mutation['undone']; detail: string}[];
  label: string;
}

let chains = 0;

/** A drill of which only steps are played: nothing is guarded, locked or sampled. */
export function startChain(connection: Connection): Chain {
  chains += 1;
  const label = chains.toString(16).padStart(12, '0');
  const run = {id: `chain-${chains}`, label, fieldManager: 'kubedrill' as const};
  const {journal} = createMemoryJournal();
  const vault = memoryVault(new Map());
  const means = {};
  const {signal} = new AbortController();
  let mutations = 0;
  let steps = 0;
  const surroundings: UndoSurroundings = {
    ...{connection, means, vault, run, critical: uncritical},
    clock: systemClock,
    log: silentLog,
  };
  const deps = {journal, surroundings, deadline: 20_000};
  return {
    label,
    step: async (phase, kind, input, end = 'done') => {
      const path = `${phase}.${steps++}`;
      const definition = actions[kind];
      if (definition === undefined) throw new Error(`there is no action ${kind}`);
      const mutate = createMutate({
        ...{journal, vault, signal, phase, step: path, redactor: createRedactor()},
        writer: writerFor(definition, {connection, means}),
        nextId: () => `m${++mutations}`,
        role: roles[phase],
      });
      const context = actionContext({
        ...{definition, connection, means, run, vault, path, signal, mutate, critical: uncritical},
        request: {
          scenario: {dir: '.', file: 'chain.yaml'} as never,
          ...{seed: 1, namespace: 'default', clock: systemClock, log: silentLog, dial: directDial},
        },
        entries: journal.entries,
      });
      const parsed = definition.input.parse(input);
      const plan = await definition.plan(context, parsed);
      const output = await definition.run(context, parsed, plan);
      const outputs = isJsonObject(output) ? output : {};
      await journal.append({type: 'step.ended', path, outcome: end, outputs});
      return path;
    },
    undoStep: (path) => undoStep(deps, path),
    undo: async (by, killedBefore) => {
      let played = 0;
      const killed = new Error('killed');
      const before = async () => {
        if (played++ === killedBefore) throw killed;
      };
      return await undoAll(deps, by, {before}).catch((error) => {
        if (error === killed) return 'killed' as const;
        throw error;
      });
    },
    ends: () =>
      mutationsOf(journal.entries).map(({id, undo, undone}) => {
        const last = journal.entries.findLast((entry) => entry.type === 'undo.ended' && entry.mutation === id);
        return {id, kind: undo.kind, undone, detail: (last?.type === 'undo.ended' && last.detail) || ''};
      }),
  };
}
