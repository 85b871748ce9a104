import {createLogUpdate} from 'log-update';
import type {Streams} from '../../io/streams.ts';
import type {Terminal} from './terminal.ts';

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
