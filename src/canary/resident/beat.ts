import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterReader, ClusterWriter, KubeObject} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import type {Log} from '../../io/log.ts';
import {beatEvery, isKept, minuteOf, residentLabel} from './rule.ts';

export interface BeatOptions {
  cluster: ClusterReader;
  writer: ClusterWriter;
  clock: Clock;
  log: Log;
  namespace: string;
  signal: AbortSignal;
}

/** Milliseconds for one call: well below the time to the next beat. */
const timeout = 20_000;

/**
 * What the resident canary's pod does: one ConfigMap a minute, named after the minute since 1970, and every hour it
 * removes those that the rule does not keep. Trouble with the API is noted and ends nothing: the missing minute says so.
 * Ends when `signal` aborts.
 */
export async function beat(options: BeatOptions): Promise<void> {
  const {clock, log, signal} = options;
  let pruned: number | undefined;
  while (!signal.aborted) {
    const minute = minuteOf(clock.wall());
    const hour = Math.floor(minute / 60);
    try {
      await writeBeat(options, minute);
      if (pruned !== hour) await pruneBeats(options, minute);
      pruned = hour;
    } catch (error) {
      if (signal.aborted) return;
      log.warn('a beat failed', {minute, error: error instanceof Error ? error.message : String(error)});
    }
    const next = (minute + 1) * beatEvery;
    await clock.sleep(Math.max(0, next - clock.wall().getTime()), signal).catch(() => undefined);
  }
}

/** Writes the ConfigMap of one minute; one that is there already is left alone. */
export async function writeBeat(
  {writer, clock, namespace, signal}: Pick<BeatOptions, 'writer' | 'clock' | 'namespace' | 'signal'>,
  minute: number,
): Promise<void> {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: `beat-${minute}`, namespace, labels: {[residentLabel]: 'beat'}},
    immutable: true,
    data: {at: clock.wall().toISOString()},
  };
  try {
    await writer.create(object, {signal, timeout});
  } catch (error) {
    if (!isClusterError(error, 'alreadyExists')) throw error;
  }
}

/** Removes what is too old: those older than two days but one an hour, and all of 35 days. Returns how many. */
export async function pruneBeats(
  {cluster, writer, namespace, signal}: Pick<BeatOptions, 'cluster' | 'writer' | 'namespace' | 'signal'>,
  now: number,
): Promise<number> {
  const query = {apiVersion: 'v1', kind: 'ConfigMap', namespace, labelSelector: residentLabel};
  const old = (await cluster.list(query, {signal, timeout})).filter(({metadata: {name}}) => {
    const minute = Number(/^beat-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    return Number.isFinite(minute) && !isKept(minute, now);
  });
  for (const {apiVersion, kind, metadata} of old) {
    const uid = metadata.uid;
    await writer.delete({apiVersion, kind, namespace, name: metadata.name}, {signal, timeout, ...(uid ? {uid} : {})});
  }
  return old.length;
}
