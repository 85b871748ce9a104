import type {Verbosity} from '../../io/log-pino.ts';
import type {GlobalFlags} from '../define.ts';

/** `-q` beats `-v`; more than `-vv` is `-vv`. */
export function verbosityOf({quiet, verbose}: Pick<GlobalFlags, 'quiet' | 'verbose'>): Verbosity {
  if (quiet) return -1;
  return verbose >= 2 ? 2 : verbose === 1 ? 1 : 0;
}
