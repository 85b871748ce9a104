import {startSampling} from '../../src/drill/prober/sampling.ts';
import {type Clock, systemClock} from '../../src/io/clock.ts';
import {directDial} from '../../src/io/dial.ts';

/** What the sampler's own process says at its end. Milliseconds, bytes, share of one core. */
export interface LoadFigures {
  due: number;
  taken: number;
  skipped: number;
  /** Due instants that were neither. */
  lost: number;
  jitter: {median: number; p99: number};
  cpu: number;
  rss: number;
}

const probes = 100;
const every = 100;
const lasting = 60_000;

// `node sampler-load.ts PORT`: samples an HTTP server on loopback and prints the figures.
const url = `http://127.0.0.1:${process.argv[2]}/`;
let origin: number | undefined;
/** The sampler's first look at the clock is where its due instants count from. */
const clock: Clock = {
  ...systemClock,
  mono: () => {
    const now = systemClock.mono();
    origin ??= now;
    return now;
  },
};
const late: number[] = [];
const last = new Map<string, number>();
const taken = new Map<string, number>();
const names = Array.from({length: probes}, (_, index) => `probe${index}`);
const cpuBefore = process.cpuUsage();
const started = systemClock.mono();
const sampler = startSampling({
  probes: names.map((name) => ({name, uses: 'http', with: {url}, every, timeout: every})),
  context: {signal: new AbortController().signal, clock, dial: directDial},
  scope: {},
  onSample: (name, {seq, start}) => {
    const first = (origin ?? start) + (every * names.indexOf(name)) / probes;
    late.push(start - (first + seq * every));
    last.set(name, seq);
    taken.set(name, (taken.get(name) ?? 0) + 1);
  },
  onControl: () => undefined,
});
await systemClock.sleep(lasting);
await sampler.stop();
const {user, system} = process.cpuUsage(cpuBefore);
const elapsed = systemClock.mono() - started;
const counts = names.map((name) => ({
  ...sampler.count(name),
  due: (last.get(name) ?? -1) + 1,
  seen: taken.get(name) ?? 0,
}));
const sum = (of: (count: (typeof counts)[number]) => number) => counts.reduce((total, count) => total + of(count), 0);
late.sort((a, b) => a - b);
const quantile = (share: number) => late[Math.min(late.length - 1, Math.floor(late.length * share))] ?? Number.NaN;
const figures: LoadFigures = {
  due: sum(({due}) => due),
  taken: sum(({taken: own}) => own),
  skipped: sum(({skipped}) => skipped),
  lost: sum(({due, taken: own, skipped, seen}) => Math.abs(due - own - skipped) + Math.abs(own - seen)),
  jitter: {median: quantile(0.5), p99: quantile(0.99)},
  cpu: (user + system) / 1000 / elapsed,
  rss: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(JSON.stringify(figures));
