import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';

/** What users of the front meet: an answer with that status, a broken connection, or no answer at all. */
export type Mood = number | 'reset' | 'silent';

/** A web server outside the cluster, as a user would meet it; its mood is set from outside. */
export interface Front extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/` */
  url: string;
  port: number;
  mood: Mood;
  /** Resolves when it has been asked so many more times. */
  asked(times: number): Promise<void>;
}

/** Starts one that is well. */
export async function startFront(): Promise<Front> {
  let mood: Mood = 200;
  let count = 0;
  let waiting: {at: number; resolve: () => void}[] = [];
  const server = createServer((_request, response) => {
    if (mood === 'reset') response.destroy();
    else if (mood !== 'silent') response.writeHead(mood).end('hello');
    count += 1;
    const due = waiting.filter(({at}) => count >= at);
    waiting = waiting.filter(({at}) => count < at);
    for (const {resolve} of due) resolve();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    get mood() {
      return mood;
    },
    set mood(to) {
      mood = to;
    },
    asked: (times) => new Promise((resolve) => waiting.push({at: count + times, resolve})),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
