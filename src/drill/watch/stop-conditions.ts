import type {Stop} from '../lifecycle.ts';
import type {Runtime} from '../runtime.ts';
import {faultBeganAt} from './instants.ts';

/** Milliseconds between two looks. */
const look = 200;

/** Watches `stopWhen` from the first fault on and calls back once when a condition holds. Returns what ends the watch. */
export function watchStopConditions(runtime: Runtime, onStop: (stop: Stop) => void): () => void {
  const stopped = new AbortController();
  const {stopWhen} = runtime.prepared.spec;
  const conditions = stopWhen === undefined || 'none' in stopWhen ? [] : stopWhen;
  const {clock} = runtime.request;
  const watch = async () => {
    while (conditions.length > 0) {
      await clock.sleep(look, stopped.signal);
      const from = faultBeganAt(runtime.journal.entries);
      if (from === undefined) continue;
      for (const {service, probe, downFor} of conditions) {
        const down = downSince(runtime, {service, probe}, from);
        if (down === undefined || clock.mono() - down < downFor) continue;
        onStop({cause: 'stopWhen', detail: `${service ?? probe ?? ''} was down for ${downFor / 1000} s`});
        return;
      }
    }
  };
  watch().catch(() => undefined);
  return () => stopped.abort();
}

/** Since when it has been down without a good sample; undefined while it is up, or could not be asked. */
function downSince(
  {probing, request}: Runtime,
  {service, probe}: {service: string | undefined; probe: string | undefined},
  from: number,
): number | undefined {
  const window = {from, until: request.clock.mono()};
  const seen = service === undefined ? probing?.assessProbe(probe ?? '', window) : probing?.assess(service, window);
  return seen?.state === 'down' ? seen.outages.at(-1)?.firstBad.start : undefined;
}
