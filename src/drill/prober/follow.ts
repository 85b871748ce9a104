import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterReader} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import type {Sample} from '../../io/sample.ts';
import type {Reading} from '../../probes/define.ts';
import {parseLine} from './protocol.ts';

export interface FollowOptions {
  cluster: Pick<ClusterReader, 'followLog'>;
  pod: {namespace: string; name: string};
  clock: Clock;
  /** Ends the following. */
  signal: AbortSignal;
  /** Milliseconds without a line after which the stream is taken for dead. */
  silence: number;
  /** A process begins: another clock, and its samples count from 0. */
  onStart: (boot: string) => void;
  /** Each sample once, in order. */
  onSample: (probe: string, sample: Sample) => void;
  /** May be called again for the same process after a break. */
  onControl: (probe: string, reading: Reading) => void;
  /** Samples that the log no longer has: a hole that is not the sampler's own. */
  onGap: (probe: string, fromSeq: number, toSeq: number) => void;
  /** Wall-clock time on the node from which on the log has to be read again (RFC 3339); undefined: from its beginning. */
  since: () => string | undefined;
}

/** Milliseconds to wait before attaching again: at once after a long stream, slower and slower while it fails. */
const patience = {first: 50, most: 1000};

/**
 * Follows one prober's log until `signal` aborts or the pod is gone (resolves). Attaches again after every break, a
 * little before the last sample seen, and drops what it knows by sequence number. When lines are missing nonetheless,
 * the whole log is read once more; what it does not have either is a gap.
 */
export async function followProber(options: FollowOptions): Promise<void> {
  const {cluster, pod, clock, signal} = options;
  const reader = createLineReader(options);
  let wait = patience.first;
  while (!signal.aborted) {
    const since = reader.rewinding() ? undefined : options.since();
    const session = new AbortController();
    const endSession = () => session.abort();
    signal.addEventListener('abort', endSession, {once: true});
    let heard = clock.mono();
    let lines = 0;
    reader.attach(since === undefined);
    const watchdog = endWhenSilent(options, session, () => heard);
    try {
      await cluster.followLog(
        {...pod, container: 'prober'},
        {
          signal: session.signal,
          ...(since === undefined ? {} : {sinceTime: since}),
          onLine: (line) => {
            heard = clock.mono();
            lines += 1;
            if (!session.signal.aborted && !reader.read(line)) session.abort();
          },
        },
      );
    } catch (error) {
      // Anything but "there is no such pod" is a break that may heal: an API server that restarts, a container too.
      if (isClusterError(error, 'notFound')) return;
    } finally {
      signal.removeEventListener('abort', endSession);
      session.abort();
      await watchdog;
    }
    wait = lines > 0 || reader.rewinding() ? patience.first : Math.min(wait * 2, patience.most);
    await clock.sleep(wait, signal).catch(() => undefined);
  }
}

/** A stream whose other end vanished without a word never breaks: ends it when nothing came for too long. */
async function endWhenSilent({clock, silence}: FollowOptions, session: AbortController, heard: () => number) {
  while (!session.signal.aborted) {
    await clock.sleep(silence, session.signal).catch(() => undefined);
    if (clock.mono() - heard() >= silence) session.abort();
  }
}

/** Turns lines into samples, each once and in order. */
function createLineReader({onStart, onSample, onControl, onGap}: FollowOptions) {
  /** Last sequence number of each probe. */
  const last = new Map<string, number>();
  let boot: string | undefined;
  let rewind = false;
  let whole = false;
  return {
    /** Whether lines were missed, so that the log has to be read from its beginning. */
    rewinding: () => rewind,
    attach: (fromBeginning: boolean) => {
      whole = fromBeginning;
      rewind = false;
    },
    /** False when a line before this one was missed: the session is of no more use. */
    read: (text: string): boolean => {
      const line = parseLine(text);
      if (!line) return true;
      if (line.type === 'start') {
        if (line.boot !== boot) {
          boot = line.boot;
          last.clear();
          onStart(boot);
        }
        return true;
      }
      if (line.type === 'control') {
        onControl(line.probe, line.reading);
        return true;
      }
      const {probe, sample, skipped} = line;
      const before = last.get(probe) ?? -1;
      if (sample.seq <= before) return true;
      const first = sample.seq - skipped;
      const missed = first > before + 1;
      if (missed && !whole) {
        rewind = true;
        return false;
      }
      if (missed) onGap(probe, before + 1, first - 1);
      last.set(probe, sample.seq);
      onSample(probe, sample);
      return true;
    },
  };
}
