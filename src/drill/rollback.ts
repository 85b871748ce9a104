import {truncate} from 'node:fs/promises';
import {join} from 'node:path';
import type {Connection} from '../cluster/types.ts';
import type {Clock} from '../io/clock.ts';
import {DrillError, ExitCode, InternalError, RefusedError} from '../io/errors.ts';
import type {Exec} from '../io/exec.ts';
import type {Log} from '../io/log.ts';
import {readJournal} from '../journal/read.ts';
import {type Mutation, outstanding} from '../journal/recover.ts';
import type {Cleanup, JournalEntry} from '../journal/types.ts';
import {type Journal, reopenJournal} from '../journal/write.ts';
import {readModel, verdict, writeReport} from '../report/index.ts';
import {createVault} from './folder.ts';
import {foreignHolder} from './lock.ts';
import {createActor, drillMachine, fromPromise} from './machine.ts';
import {claim, ownership, release} from './owner.ts';
import {describeTool} from './start.ts';
import {undoAll, undoDeadline} from './undo.ts';

export interface RollbackRequest {
  /** The run folder; it may have been copied from another machine. */
  folder: string;
  connect: () => Promise<Connection>;
  operator?: string;
  version: string;
  clock: Clock;
  log: Log;
  exec: Exec;
  /** Told of every entry as it is written. */
  onEntry: (entry: JournalEntry) => void;
  /** Only says what would be taken back. */
  dryRun: boolean;
}

export interface RollbackResult {
  id: string;
  cleanup: Cleanup;
  exitCode: ExitCode;
  /** What was outstanding before, newest first. */
  found: Mutation[];
  /** What is outstanding still. */
  left: Mutation[];
}

/**
 * Takes back what an ended or crashed run left, from its folder alone: a fresh machine that starts in `undo`.
 * Idempotent: a run with nothing outstanding is left as it is. Rejects with a RefusedError when its process is still at
 * work, when the cluster is another one, or when another drill runs on it now.
 */
export async function rollbackRun(request: RollbackRequest): Promise<RollbackResult> {
  const {folder, dryRun, clock} = request;
  const path = join(folder, 'journal.jsonl');
  const {entries, torn, bytes} = await readJournal(path);
  const started = entries.find((entry) => entry.type === 'run.started');
  if (started?.type !== 'run.started') {
    throw new RefusedError(`${folder} is the folder of a run that never began: there is nothing to take back`, {
      code: 'E_NO_START',
    });
  }
  const {id} = started.run;
  if ((await ownership(folder)) === 'alive') {
    throw new RefusedError(`the run ${id} is still running`, {
      code: 'E_RUNNING',
      hint: `End it with: kubedrill abort ${id}`,
    });
  }
  const found = outstanding(entries);
  if (found.length === 0) return {id, cleanup: 'clean', exitCode: ExitCode.passed, found, left: []};
  if (dryRun) return {id, cleanup: 'dirty', exitCode: ExitCode.dirty, found, left: found};

  const connection = await request.connect();
  await claim(folder);
  try {
    await checkCluster(connection, entries, id);
    if (torn !== undefined) await truncate(path, bytes);
    const journal = await reopenJournal(path, {clock, before: entries});
    journal.subscribe(request.onEntry);
    try {
      await journal.commit({
        type: 'run.resumed',
        tool: describeTool(request.version),
        operator: request.operator ?? connection.user,
        reason: 'rollback',
      });
      await playUndo(request, connection, journal, started.run);
    } finally {
      await journal.close();
    }
    const left = outstanding(journal.entries);
    const cleanup = left.length === 0 ? 'clean' : 'dirty';
    return {id, cleanup, exitCode: cleanup === 'clean' ? ExitCode.passed : ExitCode.dirty, found, left};
  } finally {
    await release(folder);
    connection.close();
  }
}

/** The journal is about one cluster: on any other, its undos would be faults. */
async function checkCluster(connection: Connection, entries: readonly JournalEntry[], id: string): Promise<void> {
  const known = entries.find((entry) => entry.type === 'cluster.identified');
  const {uid, server} = await connection.identify();
  if (known?.type !== 'cluster.identified' || known.uid !== uid) {
    const wanted = known?.type === 'cluster.identified' ? `${known.uid} (${known.server})` : 'none';
    throw new RefusedError(`the run ${id} was played on the cluster ${wanted}, and ${server} is ${uid}`, {
      code: 'E_OTHER_CLUSTER',
      hint: 'Name the context of that cluster with --context.',
    });
  }
  const holder = await foreignHolder(connection, id);
  if (holder !== undefined) {
    throw new RefusedError(`another drill is running on this cluster: ${holder}`, {
      code: 'E_LOCKED',
      hint: 'Wait until it ends, or end it with kubedrill abort.',
    });
  }
}

async function playUndo(
  {clock, log, exec, folder}: RollbackRequest,
  connection: Connection,
  journal: Journal,
  {id, label}: {id: string; label: string},
): Promise<void> {
  const vault = createVault(folder);
  let failure: unknown;
  const machine = drillMachine.provide({
    actors: {
      undo: fromPromise(async () => {
        const context = {
          clock,
          log,
          cluster: connection.reader,
          write: {cluster: connection.writer, exec},
          vault,
          run: {id, label, fieldManager: 'kubedrill' as const},
        };
        if ((await undoAll({journal, context, deadline: undoDeadline}, 'rollback')) === 'clean') await vault.clear();
      }),
      report: fromPromise(async () => {
        await journal.settled();
        const judged = verdict(await readModel(folder));
        const {verdict: found, cleanup, exitCode, reasons} = judged;
        await journal.commit({type: 'verdict', verdict: found, cleanup, exitCode, reasons});
        await journal.commit({type: 'run.ended'});
        await writeReport(folder).catch((error) => {
          failure = error;
        });
      }),
    },
  });
  const actor = createActor(machine, {input: {startAt: 'undo'}});
  await new Promise<void>((resolve, reject) => {
    actor.subscribe({complete: resolve, error: reject});
    actor.start();
  });
  const {stop} = actor.getSnapshot().context;
  if (stop !== null) throw new InternalError(`rollback ended early: ${stop.detail}`);
  if (failure instanceof DrillError) log.error('the report could not be written', {error: failure.explain()});
}
