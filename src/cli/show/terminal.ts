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
