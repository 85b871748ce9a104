import {truncate} from 'node:fs/promises';
import {join} from 'node:path';
import type {Connection} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {ExitCode, InternalError, messageOf, RefusedError} from '../../io/errors.ts';
import type {Exec} from '../../io/exec.ts';
import type {Log} from '../../io/log.ts';
import {type JournalContent, readJournal} from '../../journal/read.ts';
import {cleanupOf, type Mutation, outstanding, unexplained} from '../../journal/recover.ts';
import type {Cleanup, JournalEntry} from '../../journal/types.ts';
import type {Difference} from '../../journal/world.ts';
import {reopenJournal} from '../../journal/write.ts';
import type {MeansAtHand} from '../../outside/means.ts';
import {readModel, verdict, writeReport} from '../../report/index.ts';
import type {Config} from '../config/config.ts';
import {deadHolders, refuseOthers} from '../lock/for-rollback.ts';
import {createActor, drillMachine, fromPromise} from '../machine.ts';
import {describeTool} from '../record/begin.ts';
import {claim, type Ownership, ownership, release} from '../record/owner.ts';
import {secretsOfRun} from '../record/secrets.ts';
import {createVault} from '../record/vault.ts';
import {checkCluster} from './same-cluster.ts';
import {type Undoing, undoLocked} from './undo-locked.ts';

export interface RollbackRequest {
  /** The run folder; it may have been copied from another machine. */
  folder: string;
  connect: () => Promise<Connection>;
  operator?: string;
  version: string;
  /** Values of the variables that the scenario reads are secrets here as well. */
  env?: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  log: Log;
  exec: Exec;
  /** Told of every entry as it is written. */
  onEntry: (entry: JournalEntry) => void;
  /** Folder of this machine's locks, as in a run. */
  locks?: string;
  /** Only says what would be taken back. */
  dryRun: boolean;
  /** Somebody says that the cluster has another address than during the run. */
  moved: boolean;
  /** Means beside programs that belong to the cluster, as in a run. */
  means?: MeansAtHand;
  /** The config as it is now. One that cannot be read must not keep anything from being taken back. */
  config: () => Promise<Config>;
}

export interface RollbackResult {
  id: string;
  cleanup: Cleanup;
  exitCode: ExitCode;
  /** What was outstanding before, newest first. */
  found: Mutation[];
  /** What is outstanding still. */
  left: Mutation[];
  /** What is otherwise than before the drill, and nobody knows why. */
  differences: Difference[];
}

/**
 * Takes back what an ended or crashed run left, from its folder alone: a fresh machine that starts in `undo`. A crashed
 * run gets its end and its report, also when it left nothing; then no cluster is asked. Idempotent: a run that ended
 * with nothing outstanding is left as it is. Rejects with a RefusedError when its process is still at work, when the
 * cluster is another one or may be a clone of it, or when another drill runs on it now.
 */
export async function rollbackRun(request: RollbackRequest): Promise<RollbackResult> {
  const {folder, dryRun} = request;
  const path = join(folder, 'journal.jsonl');
  // For its refusals, before anything is written into the folder.
  const {id} = startOf((await readJournal(path)).entries, folder).run;
  const owner = await ownership(folder);
  if (owner === 'alive') throw stillRunning(id);
  if (dryRun) {
    const {entries} = await readJournal(path);
    const found = outstanding(entries);
    return resultOf(id, found, {left: found, differences: unexplained(entries)});
  }
  if (!(await claim(folder))) throw stillRunning(id);
  try {
    // Now that nobody else writes it.
    const content = await readJournal(path);
    const found = outstanding(content.entries);
    if (cleanupOf(content.entries) === 'dirty' || content.entries.at(-1)?.type !== 'run.ended') {
      return resultOf(id, found, await undoFrom(request, path, content, owner));
    }
    // Killed between its last entry and its last file.
    if (owner !== 'none') await writeReport(folder).catch((error) => warnOf(request.log, error));
    return resultOf(id, found, {left: [], differences: []});
  } finally {
    await release(folder);
  }
}
type Started = Extract<JournalEntry, {type: 'run.started'}>;

function startOf(entries: readonly JournalEntry[], folder: string): Started {
  const started = entries.find((entry) => entry.type === 'run.started');
  if (started?.type === 'run.started') return started;
  throw new RefusedError(`${folder} is the folder of a run that never began: there is nothing to take back`, {
    code: 'E_NO_START',
  });
}

function stillRunning(id: string): RefusedError {
  return new RefusedError(`the run ${id} is still running, or is being rolled back`, {
    code: 'E_RUNNING',
    hint: `End it with: kubedrill abort ${id}`,
  });
}

type Left = Pick<RollbackResult, 'left' | 'differences'>;

function resultOf(id: string, found: Mutation[], {left, differences}: Left): RollbackResult {
  const isClean = left.length === 0 && differences.length === 0;
  return {
    id,
    cleanup: isClean ? 'clean' : 'dirty',
    exitCode: isClean ? ExitCode.passed : ExitCode.dirty,
    found,
    left,
    differences,
  };
}

function warnOf(log: Log, error: unknown): void {
  log.error('the report could not be written', {error: messageOf(error)});
}

/** Goes on writing the journal where the run left it. Resolves with what is left in the end. */
async function undoFrom(
  request: RollbackRequest,
  path: string,
  {entries, torn, bytes}: JournalContent,
  owner: Ownership,
): Promise<Left> {
  const {run, people} = startOf(entries, request.folder);
  const connection = cleanupOf(entries) === 'clean' ? undefined : await request.connect();
  try {
    let otherAddress: string | undefined;
    if (connection !== undefined) {
      otherAddress = await checkCluster(connection, {...request, entries, runId: run.id});
      await refuseOthers({connection, clock: request.clock}, run.id);
    }
    if (torn !== undefined) await truncate(path, bytes);
    const redactor = await secretsOfRun(request.folder, request.env ?? {});
    await connection?.onSecret((secret) => redactor.add(secret));
    const journal = await reopenJournal(path, {clock: request.clock, before: entries, redactor});
    journal.subscribe(request.onEntry);
    try {
      const operator = request.operator ?? connection?.user ?? people.operator;
      const tool = describeTool(request.version);
      await journal.commit({type: 'run.resumed', tool, operator, reason: 'rollback'});
      if (otherAddress !== undefined) await journal.append({type: 'note', text: otherAddress});
      await playUndo({request, connection, journal, redactor, operator, run, dead: deadHolders(entries, owner)});
      return {left: outstanding(journal.entries), differences: unexplained(journal.entries)};
    } finally {
      await journal.close();
    }
  } finally {
    connection?.close();
  }
}

/** Plays the undo and the report. Rejects with why the lock could not be had or kept, once the report is written. */
async function playUndo(undoing: Undoing & {request: RollbackRequest}): Promise<void> {
  const {journal, request} = undoing;
  const {folder, log} = request;
  const vault = createVault(folder);
  let refusal: unknown;
  const machine = drillMachine.provide({
    actors: {
      undo: fromPromise(async () => {
        refusal = await undoLocked(undoing, vault);
        if (cleanupOf(journal.entries) === 'clean') await vault.clear();
      }),
      report: fromPromise(async () => {
        await journal.settled();
        const judged = verdict(await readModel(folder));
        const {verdict: found, cleanup, exitCode, reasons} = judged;
        await journal.commit({type: 'verdict', verdict: found, cleanup, exitCode, reasons});
        await journal.commit({type: 'run.ended'});
        await writeReport(folder).catch((error) => warnOf(log, error));
      }),
    },
  });
  const actor = createActor(machine, {input: {startAt: 'undo'}});
  await new Promise<void>((resolve, reject) => {
    actor.subscribe({complete: resolve, error: reject});
    actor.start();
  });
  const {stop} = actor.getSnapshot().context;
  if (refusal !== undefined) throw refusal;
  if (stop !== null) throw new InternalError(`rollback ended early: ${stop.detail}`);
}
