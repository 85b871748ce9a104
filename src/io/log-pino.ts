import {Writable} from 'node:stream';
import type {Level, Logger} from 'pino';
import type {Log} from './log.ts';

/** How much stderr says: `-q`, nothing, `-v`, `-vv`. */
export type Verbosity = -1 | 0 | 1 | 2;

const levels: Record<Verbosity, Level> = {[-1]: 'error', 0: 'warn', 1: 'info', 2: 'debug'};

export interface PinoLog {
  log: Log;
  /** Also writes every line, whatever the verbosity, as JSON into a file from now on. Its folder must exist. */
  addFile(path: string): void;
}

/**
 * The log of a command that runs a drill: human lines to `write`, and JSON lines to a file once there is a run folder.
 * pino is loaded here and nowhere else. Both streams are synchronous and in this process: a worker would lose the last
 * lines at an exit.
 */
export async function createPinoLog(options: {
  verbosity: Verbosity;
  color: boolean;
  write: (text: string) => void;
}): Promise<PinoLog> {
  // By their default exports: bundled, a CommonJS package has no others.
  const [{default: pino}, {default: pretty}] = await Promise.all([import('pino'), import('pino-pretty')]);
  const human = pretty({
    colorize: options.color,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    sync: true,
    destination: new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        options.write(chunk.toString('utf8'));
        done();
      },
    }),
  });
  const streams = pino.multistream([{level: levels[options.verbosity], stream: human}]);
  const logger = pino({level: 'debug', base: null}, streams);
  return {
    log: fieldsLast(logger),
    addFile: (path) => {
      streams.add({level: 'debug', stream: pino.destination({dest: path, sync: true, append: true})});
    },
  };
}

/** Our `log.info(message, fields)` on pino's `logger.info(fields, message)`. */
function fieldsLast(logger: Logger): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: Record<string, unknown>) =>
    logger[level](fields ?? {}, message);
  return {debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error')};
}
