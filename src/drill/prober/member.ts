import {isClusterError} from '../../cluster/errors.ts';
import type {ClusterReader} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {messageOf} from '../../io/errors.ts';
import type {Log} from '../../io/log.ts';
import type {ProbeRecord} from '../../journal/plan.ts';
import type {Controls} from './controls.ts';
import {followProber} from './follow.ts';
import type {OpenedSeries, ProbingListener} from './handle.ts';
import {createProcess, type ProberProcess} from './process.ts';

/** One prober pod that is being followed. */
export interface Member {
  readonly name: string;
  readonly node: string | undefined;
  /** Resolves when its first process has a clock and its series are open; rejects when the clock cannot be had. */
  ready: Promise<void>;
  /** Measures the clock of the process that runs now. */
  measure(): Promise<void>;
  /** Whether samples have come up to an instant of the runner's clock; true when none will come any more. */
  reached(at: number): boolean;
  /** Resolves when the following has ended. */
  done: Promise<void>;
}

export interface MemberOptions extends ProbingListener {
  cluster: Pick<ClusterReader, 'followLog' | 'raw'>;
  pod: {namespace: string; name: string};
  node: string | undefined;
  probes: readonly ProbeRecord[];
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  controls: Pick<Controls, 'answered'>;
  nameOf: (probe: string) => string;
  open: (probe: string, clockName: string) => OpenedSeries;
}

/** Milliseconds between two attempts to measure a clock that did not answer, and how often the first one is tried. */
const measuring = {every: 500, firstTries: 10};
/** A log is taken for dead after so many missed samples of its fastest probe, and not before 3 s. */
const silence = (probes: readonly ProbeRecord[]) => Math.max(3000, 5 * Math.min(...probes.map(({every}) => every)));

/** Follows a pod, process by process: each has a clock of its own, measured when it shows up. */
export function followMember(options: MemberOptions): Member {
  const {pod, node, probes, clock, log, signal, record, nameOf} = options;
  const names = probes.map(({name}) => name);
  const first = Promise.withResolvers<void>();
  let processes = 0;
  let current: ProberProcess | undefined;
  let gone = false;

  const start = (boot: string) => {
    current?.end();
    processes += 1;
    const clockName = processes === 1 ? pod.name : `${pod.name}~${processes}`;
    const process = createProcess({...options, boot, clockName, probes: names});
    current = process;
    void measureFirst(process);
  };
  const measureFirst = async (process: ProberProcess) => {
    for (let tries = 1; !signal.aborted && current === process; tries += 1) {
      try {
        if (await process.measure()) {
          first.resolve();
          return;
        }
      } catch (error) {
        // A permission does not come by waiting.
        if (tries >= measuring.firstTries || isClusterError(error, 'forbidden')) first.reject(error);
        log.debug('the clock of a prober did not answer', {pod: pod.name, error: messageOf(error)});
      }
      await clock.sleep(measuring.every, signal).catch(() => undefined);
    }
  };
  const done = followProber({
    ...options,
    silence: silence(probes),
    onStart: start,
    onSample: (probe, sample) => current?.take(probe, sample),
    onControl: (probe, reading) => options.controls.answered(nameOf(probe), reading),
    onGap: (probe, fromSeq, toSeq) => {
      const series = nameOf(probe);
      record({type: 'series.gap', series, fromSeq, toSeq, reason: 'the log no longer has these lines'});
    },
    since: () => current?.since(),
  }).then(() => {
    gone = true;
    current?.end();
    first.reject(signal.aborted ? signal.reason : new Error(`the pod ${pod.name} is gone`));
  });
  // Whoever waits for it hears of it; when nobody does any more it is no news.
  first.promise.catch(() => undefined);
  return {
    name: pod.name,
    node,
    ready: first.promise,
    measure: async () => {
      if (!gone) await current?.measure();
    },
    reached: (at) => gone || current === undefined || current.reached(at),
    done,
  };
}
