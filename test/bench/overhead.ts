import {spawnSync} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {readJournal} from '../../src/journal/read.ts';
import type {JournalEntry, Phase} from '../../src/journal/types.ts';
import type {Result} from './measure.ts';

/** Most that a drill may last beyond what it waits for (milliseconds). */
const limit = 1500;

/**
 * How much longer a kill-coredns run on the practice cluster lasts than what it waits for: its steady time, the start
 * and the end of the prober, the delay from the fault to its effect, the outage, and the stability window up to the
 * sample that shows that it is over. The end of the prober is the cluster's own time as the start is: a DaemonSet whose
 * pods end at once needs 0.5 to 1.3 s to go on a kind cluster of one node, and 0.9 to 2.3 s on one of three.
 */
export async function overhead(root: string): Promise<Result[]> {
  const reports = await mkdtemp(join(tmpdir(), 'kubedrill-bench-'));
  try {
    const program = join(root, 'bin/kubedrill.cjs');
    const argv = [program, 'run', '--practice', 'kill-coredns', '--seed', '1', '--reports', reports, '-o', 'json'];
    const started = performance.now();
    const {status, stdout, stderr} = spawnSync(process.execPath, argv, {encoding: 'utf8'});
    const whole = performance.now() - started;
    if (status !== 0) throw new Error(`the drill ended with ${status}: ${stderr}`);
    const [run] = JSON.parse(stdout).runs;
    const {entries} = await readJournal(join(run.folder, 'journal.jsonl'));
    const report: Timeline = JSON.parse(await readFile(join(run.folder, 'report.json'), 'utf8'));
    const parts = waits(entries, report);
    const waited = Object.values(parts).reduce((sum, part) => sum + part, 0);
    const each = Object.entries(parts).map(([name, part]) => `${name} ${seconds(part)}`);
    return [
      {
        what: 'overhead of a practice kill-coredns run',
        figure: `${seconds(whole - waited)} (whole process ${seconds(whole)}; ${each.join(', ')})`,
        limit: `at most ${seconds(limit)}`,
        met: whole - waited <= limit,
      },
    ];
  } finally {
    await rm(reports, {recursive: true});
  }
}

interface Instant {
  earliest: number;
  latest: number;
}

/** The part of report.json that says when things happened (milliseconds on the runner's clock). */
interface Timeline {
  timeline: {name: string; instant?: Instant}[];
}

/** What the run had to wait for, by name, in milliseconds. Without an outage the effect is what it waited for. */
function waits(entries: readonly JournalEntry[], {timeline}: Timeline): Record<string, number> {
  const plan = entries.find((entry) => entry.type === 'plan.made')?.plan;
  const effect = entries.find((entry) => entry.type === 'effect.seen')?.mono;
  const entered = (phase: Phase) =>
    entries.find((entry) => entry.type === 'phase.entered' && entry.phase === phase)?.mono;
  const instant = (name: string) => timeline.find((row) => row.name === name)?.instant;
  const [fault, impact, back] = [instant('t0'), instant('t1'), instant('t7')];
  if (!plan || !fault || effect === undefined) throw new Error('the journal lacks a plan, a fault or its effect');
  const between = (from = Number.NaN, to = Number.NaN) => Math.max(0, to - from);
  // After an outage the slowest probe has to be seen good once more when the window is over.
  const slowest = Math.max(...plan.probes.map(({every}) => every));
  const lastSample = back ? Math.min(slowest, between(back.latest + plan.stableFor, entered('undo'))) : 0;
  return {
    'prober start': between(entered('prepare'), entered('steady')),
    'steady time': plan.steadyFor,
    'fault delay': between(fault.earliest, impact?.latest ?? effect),
    outage: impact ? between(impact.latest, back?.latest) : 0,
    'stability window': plan.stableFor,
    'its last sample': lastSample,
    'prober end': proberEnd(entries),
  };
}

/** How long the DaemonSet of the prober took to go with its pods. */
function proberEnd(entries: readonly JournalEntry[]): number {
  const prober = entries.find((entry) => entry.type === 'mutation.intent' && entry.target.kind === 'DaemonSet');
  if (prober?.type !== 'mutation.intent') throw new Error('the journal lacks the prober');
  const at = (type: 'undo.started' | 'undo.ended') =>
    entries.find((entry) => entry.type === type && entry.mutation === prober.mutation)?.mono ?? Number.NaN;
  return at('undo.ended') - at('undo.started');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
