import {randomBytes} from 'node:crypto';
import {createServer, type Server} from 'node:http';
import {UsageError} from '../../io/errors.ts';
import {parseJson} from '../../io/json.ts';
import type {ProbeContext} from '../../probes/define.ts';
import {
  type ClockAnswer,
  controlLine,
  type ProberConfig,
  proberConfig,
  proberPort,
  sampleLine,
  startLine,
} from './protocol.ts';
import {startSampling} from './sampling.ts';

/** What the prober needs of the place it runs in. */
export interface ProberSurroundings
  extends Pick<ProbeContext, 'signal' | 'clock' | 'dial' | 'nameserver' | 'searchDomains'> {
  /** Text of `prober.json`. */
  config: string;
  /** Writes one line to the log. */
  print: (line: string) => void;
  /** Makes the server reachable as this port of the pod; returns how to take that back. */
  listen: (server: Server, port: number) => Promise<() => void>;
}

/**
 * The program in the prober pod: samples every probe of its configuration on its own monotonic clock and prints one
 * JSON line per sample; serves `/clock` and `/readyz`. Resolves with the exit code after `signal` aborted and the
 * samples under way were printed. Past its lifetime, or once it has expired, it stays up, so that its log can be read
 * and nothing starts it anew, but samples no more.
 */
export async function serveProber(surroundings: ProberSurroundings): Promise<number> {
  const {config: text, print, listen, clock, signal, ...place} = surroundings;
  const config = parseConfig(text);
  const boot = randomBytes(8).toString('hex');
  // Samples under way are left to end by their own timeout: an attempt cut short would say nothing.
  const context = {...place, clock, signal: new AbortController().signal};

  const server = createServer((request, response) => {
    const answer: ClockAnswer = {mono: clock.mono(), wall: clock.wall().toISOString(), boot};
    const known = request.url === '/clock' || request.url === '/readyz';
    response.writeHead(known ? 200 : 404, {'Content-Type': 'application/json'});
    response.end(known ? `${JSON.stringify(answer)}\n` : undefined);
  });
  const unlisten = await listen(server, proberPort);
  print(startLine(boot));
  const {probes, scope, lifetime, expires} = config;
  const left = Math.min(lifetime, Date.parse(expires) - clock.wall().getTime());
  try {
    if (left > 0) {
      const sampler = startSampling({
        probes,
        context,
        scope,
        onSample: (probe, sample, skipped) => print(sampleLine(probe, sample, skipped)),
        onControl: (probe, reading) => print(controlLine(probe, reading)),
      });
      await clock.sleep(left, signal).catch(() => undefined);
      await sampler.stop();
    }
    await aborted(signal);
  } finally {
    unlisten();
    server.closeAllConnections();
  }
  return 0;
}

function parseConfig(text: string): ProberConfig {
  let cause: unknown;
  try {
    const parsed = proberConfig.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    cause = parsed.error;
  } catch (error) {
    cause = error;
  }
  throw new UsageError("the prober's configuration is not one that this version of kubedrill writes", {
    code: 'E_PROBER_CONFIG',
    hint: 'Use an image of the same version as the program that runs the drill (--prober-image).',
    cause,
  });
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), {once: true});
  });
