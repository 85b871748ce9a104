import {spawn} from 'node:child_process';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import type {Result} from './measure.ts';
import type {LoadFigures} from './sampler-load.ts';

/** What a drill of a hundred probes costs: ten samples a second each, for a minute, each on a connection of its own. */
export async function samplerLoad(): Promise<Result[]> {
  let connections = 0;
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end('ok');
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    // In a process of its own: what is measured is the sampler, not the server.
    const {taken, skipped, due, lost, jitter, cpu, rss} = await load((server.address() as AddressInfo).port);
    return [
      {
        what: 'sampler, 100 probes × 10 Hz × 60 s: due samples taken or counted as skipped',
        figure: `${taken} taken, ${skipped} skipped of ${due} due`,
        limit: 'all of them',
        met: lost === 0 && due >= 59_000,
      },
      {
        what: 'sampler: a connection for each sample',
        figure: `${connections} connections, ${requests} requests`,
        limit: 'as many as samples',
        met: requests === connections && requests >= taken,
      },
      {
        what: 'sampler: start of a sample after its due instant',
        figure: `median ${jitter.median.toFixed(1)} ms, p99 ${jitter.p99.toFixed(1)} ms`,
        limit: 'p99 at most 10 ms',
        met: jitter.p99 <= 10,
        machine: true,
      },
      {
        what: 'sampler: processor time',
        figure: `${(100 * cpu).toFixed(0)} % of one core`,
        limit: 'at most 40 %',
        met: cpu <= 0.4,
        machine: true,
      },
      {
        what: 'sampler: memory',
        figure: `${(rss / 2 ** 20).toFixed(0)} MB RSS at most`,
        limit: 'at most 300 MB',
        met: rss <= 300 * 2 ** 20,
      },
    ];
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function load(port: number): Promise<LoadFigures> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'sampler-load.ts'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the sampler's process ended with ${code}`);
  return JSON.parse(said) as LoadFigures;
}
