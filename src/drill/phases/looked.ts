import {silenceLimit} from '../../measure/index.ts';
import type {Runtime} from '../runtime.ts';
import {faultBeganAt} from '../watch/instants.ts';

/** Milliseconds between two looks. */
const look = 20;
/** Milliseconds by which the clocks may turn out to differ more when they are read again at the end. */
const clockRoom = 20;

/**
 * Waits until the services that the fault has not taken down were sampled once more: what is taken back before anybody
 * has looked shows nothing of it. Ends after a few samples' time, and with `effect.within`, in any case; a series that
 * said nothing until then makes the verdict inconclusive.
 * @param begun when the effect was first asked for, on the runner's clock
 */
export async function lookOnce(runtime: Runtime, begun: number, signal: AbortSignal): Promise<void> {
  const {request, prepared, probing, journal} = runtime;
  const {services, probes, steps, effectWithin} = prepared.plan;
  const from = request.clock.mono();
  const fault = faultBeganAt(journal.entries);
  if (probing === undefined || fault === undefined || !steps.some(({phase}) => phase === 'recover')) return;
  const slowest = Math.max(0, ...probes.map(({every, timeout}) => every + timeout));
  const deadline = Math.min(from + silenceLimit(slowest), begun + effectWithin);
  const isOpen = ({name, by}: (typeof services)[number]) => {
    const until = request.clock.mono();
    if (by !== 'inject' || probing.assess(name, {from: fault, until}).firstBad !== undefined) return false;
    return !probing.looked(name, from + clockRoom, until);
  };
  while (services.some(isOpen) && request.clock.mono() < deadline) await request.clock.sleep(look, signal);
}
