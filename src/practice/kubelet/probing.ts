import type {Client} from '../core.ts';
import type {Network} from '../network/network.ts';
import type {Container, Pod, Probe} from '../workloads.ts';
import {attemptProbe} from './probe.ts';

/** What probing reads and changes of a running container. */
interface Probed {
  readonly container: Container;
  ready: boolean;
  restart(): Promise<void>;
}

interface ProbingParts {
  core: Client;
  network: Network;
  pod: () => Pod;
  onChange: () => void;
  /** Aborted when the container ends. */
  signal: AbortSignal;
}

/** Probes a container until it ends: readiness decides whether it gets traffic, liveness whether it is restarted. */
export function keepProbing(probed: Probed, parts: ProbingParts): void {
  const {container} = probed;
  const {readinessProbe, livenessProbe} = container;
  const setReady = (ready: boolean) => {
    if (probed.ready === ready) return;
    probed.ready = ready;
    parts.onChange();
  };
  if (!readinessProbe) setReady(true);
  else {
    repeat(readinessProbe, probed, parts, (passed, message) => {
      setReady(passed);
      if (!passed) note(parts, `Readiness probe failed: ${message}`);
      return true;
    });
  }
  if (!livenessProbe) return;
  repeat(livenessProbe, probed, parts, (passed, message) => {
    if (passed) return true;
    note(parts, `Liveness probe failed: ${message}`);
    parts.core.scope.run(`restart ${container.name}`, () => probed.restart());
    return false;
  });
}

/** Tells a probe's verdict each time it may have changed: after enough passes or failures in a row. */
function repeat(
  probe: Probe,
  probed: Probed,
  parts: ProbingParts,
  tell: (passed: boolean, message: string) => boolean,
): void {
  const {core, network, pod, signal} = parts;
  const period = (probe.periodSeconds ?? 10) * 1000;
  const first = (probe.initialDelaySeconds ?? 0) * 1000 + core.latency.of('firstProbe');
  let passes = 0;
  let failures = 0;
  const attempt = async () => {
    const failure = await attemptProbe(network, pod().status.podIP ?? '', probed.container, probe);
    if (signal.aborted) return;
    passes = failure === undefined ? passes + 1 : 0;
    failures = failure === undefined ? 0 : failures + 1;
    const decided = passes >= (probe.successThreshold ?? 1) || failures >= (probe.failureThreshold ?? 3);
    if (decided && !tell(failure === undefined, failure ?? '')) return;
    const waits = !probed.ready && probe === probed.container.readinessProbe;
    const pause = waits ? Math.min(period, core.latency.of('probeRetry')) : period;
    core.scope.after(pause, 'probe', attempt, signal);
  };
  core.scope.after(first, 'probe', attempt, signal);
}

function note({core, pod}: ProbingParts, message: string): void {
  const host = pod().spec.nodeName ?? '';
  core.recorder.record(pod(), {type: 'Warning', reason: 'Unhealthy', message, component: 'kubelet', host});
}
