import type {Vault} from '../../actions/define.ts';
import type {Connection} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import type {DrillError} from '../../io/errors.ts';
import type {Exec} from '../../io/exec.ts';
import type {Log} from '../../io/log.ts';
import type {Redactor} from '../../io/redact.ts';
import type {Journal} from '../../journal/write.ts';
import type {MeansAtHand} from '../../outside/means.ts';
import {compareWorld, worldOf} from '../compare/index.ts';
import {type Config, defaultConfig} from '../config/config.ts';
import {uncritical} from '../contexts.ts';
import {findMeans} from '../find-means.ts';
import {lockForRollback, refuseNewcomers} from '../lock/for-rollback.ts';
import {type LocalLock, relockLocally} from '../lock/local-lock.ts';
import type {Lock} from '../lock/lock.ts';
import {releasesLock} from '../lock/undos.ts';
import {undoDeadline} from './deps.ts';
import {undoAll} from './undo.ts';

/** What a rollback has around it, as its request says. */
interface Surroundings {
  clock: Clock;
  log: Log;
  exec: Exec;
  means?: MeansAtHand;
  config: () => Promise<Config>;
  /** Folder of this machine's locks. */
  locks?: string;
}

/** A rollback at work. */
export interface Undoing {
  request: Surroundings;
  /** Absent when nothing is outstanding. */
  connection: Connection | undefined;
  journal: Journal;
  redactor: Redactor;
  operator: string;
  run: {id: string; label: string};
  dead: ReadonlySet<string>;
}

/** Undoes under the cluster's lock. Resolves with the error when it could not be had, or not be kept. */
export async function undoLocked(undoing: Undoing, vault: Vault): Promise<unknown> {
  const {request, connection, journal, run, ...rest} = undoing;
  const {clock, log} = request;
  if (connection === undefined) return undefined;
  const config = await request.config().catch(() => defaultConfig);
  const own = {...run, fieldManager: 'kubedrill' as const};
  const surroundings = {
    connection,
    means: await findMeans({...request, config}),
    clock,
    log,
    vault,
    run: own,
    critical: uncritical,
  };
  let lost: DrillError | undefined;
  let lock: Lock | undefined;
  let localLock: LocalLock | undefined;
  try {
    const holder = `${rest.operator} (${run.id}), rolling back`;
    localLock = await relockLocally(journal.entries, {locks: request.locks, holder, log});
    const onLost = (error: DrillError) => {
      lost = error;
    };
    lock = await lockForRollback({connection, journal, surroundings, onLost, ...rest});
    const world = await worldOf(journal.entries, vault);
    await undoAll({journal, surroundings, deadline: undoDeadline}, 'rollback', {
      settled: async () => {
        if (world !== undefined) await compareWorld({connection, journal, vault, clock}, world);
      },
      before: async ({undo}) => {
        if (lost !== undefined) throw lost;
        if (lock === undefined) await refuseNewcomers({connection, clock}, undo, run.id);
        if (releasesLock(undo)) await lock?.stop();
      },
    });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await lock?.stop();
    await localLock?.release();
  }
}
