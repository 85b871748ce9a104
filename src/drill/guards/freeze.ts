import {messageOf} from '../../io/errors.ts';
import type {Config} from '../config/config.ts';
import type {DrillRequest} from '../types.ts';

/** Milliseconds between two looks at the config file. */
const lookEvery = 3000;

type Watched = Pick<DrillRequest, 'config' | 'reloadConfig' | 'clock' | 'log'>;

/** The config as its file is now; as it was when the file cannot be read, which is told in the log. */
export async function currentConfig({config, reloadConfig, log}: Omit<Watched, 'clock'>): Promise<Config> {
  try {
    return (await reloadConfig?.()) ?? config;
  } catch (error) {
    // Half saved, or wrong for a moment: no reason to end a drill in the middle.
    log.warn('the config file cannot be read again; what it said before holds', {error: messageOf(error)});
    return config;
  }
}

/** Watches the config file for a freeze and calls back once, with its reason. Returns what ends the watch. */
export function watchFreeze(request: Watched, onFreeze: (reason: string) => void): () => void {
  if (request.reloadConfig === undefined) return () => undefined;
  const stopped = new AbortController();
  const watch = async () => {
    for (;;) {
      await request.clock.sleep(lookEvery, stopped.signal);
      const {freeze} = await currentConfig(request);
      if (freeze === undefined || stopped.signal.aborted) continue;
      onFreeze(freeze.reason);
      return;
    }
  };
  watch().catch(() => undefined);
  return () => stopped.abort();
}
