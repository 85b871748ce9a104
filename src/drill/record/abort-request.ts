import {readFile, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {isClusterError} from '../../cluster/errors.ts';
import type {Connection} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {isJsonObject} from '../../io/json.ts';
import {abortAnnotation} from '../lock/abort-annotation.ts';
import {holderOf} from '../lock/lease.ts';
import {findLease, isOf, lease} from '../lock/live-lease.ts';

const fileName = 'abort.json';
/** Milliseconds between two looks for a request. */
const look = 500;

/** Asks a run on this machine to end: it stops going forward, undoes and reports. Rejects when its folder is read-only. */
export async function requestAbort(folder: string, by: string): Promise<void> {
  const path = join(folder, fileName);
  // Whole or not at all: the run may look at any moment.
  await writeFile(`${path}.part`, `${JSON.stringify({by})}\n`);
  await rename(`${path}.part`, path);
}

/** Attempts at an annotation that a renewal of the lease came before. */
const attempts = 5;

/** Asks the run that holds the cluster's lock to end. Resolves with its holder, or undefined when it is not that run. */
export async function requestAbortByLease(
  connection: Connection,
  runId: string,
  by: string,
): Promise<string | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const present = await findLease(connection, AbortSignal.timeout(10_000));
    if (present === undefined || !isOf(present, runId)) return undefined;
    const {resourceVersion} = present.metadata;
    const patch = {
      metadata: {...(resourceVersion === undefined ? {} : {resourceVersion}), annotations: {[abortAnnotation]: by}},
    };
    try {
      await connection.writer.patch(lease, patch, {type: 'merge'});
      return holderOf(present);
    } catch (error) {
      if (attempt === attempts || !isClusterError(error, 'conflict')) throw error;
    }
  }
}

/** Watches for a request in the run folder and calls back once, with who asked. Returns what ends the watch. */
export function watchAbort(folder: string, clock: Clock, onAbort: (by: string) => void): () => void {
  const stopped = new AbortController();
  const watch = async () => {
    for (;;) {
      await clock.sleep(look, stopped.signal);
      const by = await readRequest(folder);
      if (by === undefined) continue;
      onAbort(by);
      return;
    }
  };
  watch().catch(() => undefined);
  return () => stopped.abort();
}

async function readRequest(folder: string): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, fileName), 'utf8'));
    return isJsonObject(value) && typeof value.by === 'string' ? value.by : undefined;
  } catch {
    return undefined;
  }
}
