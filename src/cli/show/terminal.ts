import {createLogUpdate} from 'log-update';
import type {Streams} from '../../io/streams.ts';

/** Lines that stay, and below them a frame that is drawn anew while a drill runs. */
export interface Terminal {
  line(text: string): void;
  /** Starts drawing `render()` five times a second; the returned function ends it and wipes the frame. */
  animate(render: (columns: number) => string): () => void;
  /** Takes the frame away while `ask` uses the terminal. */
  suspend<T>(ask: () => Promise<T>): Promise<T>;
}

/** Without a TTY: lines alone. */
export function plainTerminal(stderr: Streams['stderr']): Terminal {
  return {
    line: (text) => void stderr.write(`${text}\n`),
    animate: () => () => {},
    suspend: (ask) => ask(),
  };
}

/** On a TTY: lines scroll by above the frame. */
export function liveTerminal(stderr: Streams['stderr']): Terminal {
  const update = createLogUpdate(stderr as NodeJS.WriteStream, {showCursor: true});
  let render: ((columns: number) => string) | undefined;
  let suspended = false;
  const draw = () => {
    if (render && !suspended) update(render(stderr.columns ?? 80));
  };
  return {
    line: (text) => {
      if (render && !suspended) update.persist(text);
      else stderr.write(`${text}\n`);
    },
    animate: (next) => {
      render = next;
      const timer = setInterval(draw, 200);
      timer.unref();
      return () => {
        clearInterval(timer);
        render = undefined;
        update.clear();
        update.done();
      };
    },
    suspend: async (ask) => {
      suspended = true;
      update.clear();
      try {
        return await ask();
      } finally {
        suspended = false;
      }
    },
  };
}
