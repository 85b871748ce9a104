import {formatDuration} from '../../io/duration.ts';
import type {Sample} from '../../io/sample.ts';
import {oneLine, type Paint} from '../../io/text.ts';
import type {ObjectiveRecord} from '../../journal/plan.ts';
import type {JournalEntry, Phase} from '../../journal/types.ts';

/** How many samples a strip remembers; the terminal's width decides how many are drawn. */
const stripLength = 200;

interface Strip {
  states: Sample['state'][];
  lastDetail: string | undefined;
}

/** What the live frame knows of a drill. Instants are milliseconds on the runner's clock. */
export interface FrameState {
  title: string;
  practice: boolean;
  phase?: Phase;
  phaseSince: number;
  /** The step that is running, in words. */
  step?: string;
  targets: ObjectiveRecord[];
  /** First applied mutation of the phase inject. */
  fault?: number;
  faultMutation?: string;
  /** Start of the latest bad sample since the fault, and of the first good one after it. */
  lastBad?: number;
  backAt?: number;
  strips: Map<string, Strip>;
}

export const emptyFrame = (title: string, practice: boolean): FrameState => ({
  title,
  practice,
  phaseSince: 0,
  targets: [],
  strips: new Map(),
});

/** Takes a journal entry into the frame's state. */
export function frameEntry(state: FrameState, entry: JournalEntry): void {
  // With the secrets taken out of it, as everything in the journal.
  if (entry.type === 'run.started') state.title = entry.scenario.title;
  if (entry.type === 'plan.made') state.targets = entry.plan.objectives.filter(({metric}) => metric === 'rto');
  if (entry.type === 'phase.entered') {
    state.phase = entry.phase;
    state.phaseSince = entry.mono;
    delete state.step;
  }
  if (entry.type === 'step.started') state.step = `${entry.path}${entry.id ? ` ${entry.id}` : ''}`;
  if (entry.type === 'step.ended') delete state.step;
  if (entry.type === 'mutation.intent' && entry.role === 'fault') state.faultMutation ??= entry.mutation;
  if (entry.type === 'mutation.applied' && entry.mutation === state.faultMutation) state.fault ??= entry.mono;
}

/** Takes a sample into the frame's state; `at` is its start. */
export function frameSample(state: FrameState, series: string, sample: Sample, at: number): void {
  const strip = state.strips.get(series) ?? {states: [], lastDetail: undefined};
  strip.states.push(sample.state);
  if (strip.states.length > stripLength) strip.states.shift();
  strip.lastDetail = sample.state === 'ok' ? undefined : sample.detail;
  state.strips.set(series, strip);
  if (state.fault === undefined || at < state.fault) return;
  if (sample.state === 'bad') {
    state.lastBad = Math.max(at, state.lastBad ?? 0);
    delete state.backAt;
  } else if (sample.state === 'ok' && state.lastBad !== undefined && at > state.lastBad && everyStripOk(state)) {
    state.backAt ??= at;
  }
}

const everyStripOk = ({strips}: FrameState): boolean =>
  [...strips.values()].every(({states}) => states.at(-1) === 'ok');

/**
 * The live frame: phase, the RTO clock against its target, one strip of recent samples for each series. The clock is
 * for watching; the figure that counts is the report's, with its bound.
 */
export function renderFrame(state: FrameState, now: number, columns: number, paint: Paint): string {
  const lines: string[] = [];
  const where = state.practice ? ' — practice run' : '';
  lines.push(paint('bold', clip(`${oneLine(state.title)}${where}`, columns)));
  if (state.phase) {
    const step = state.step ? `, step ${oneLine(state.step)}` : '';
    lines.push(clip(`phase ${state.phase} for ${seconds(now - state.phaseSince)}${step}`, columns));
  }
  if (state.fault !== undefined) lines.push(...clockLines(state, state.fault, now, paint));
  const width = Math.max(0, ...[...state.strips.keys()].map((name) => name.length));
  for (const [name, strip] of state.strips) lines.push(stripLine(name.padEnd(width), strip, columns, paint));
  return lines.join('\n');
}

function clockLines(state: FrameState, fault: number, now: number, paint: Paint): string[] {
  const back = state.backAt;
  const elapsed = (back ?? now) - fault;
  const said = back !== undefined ? 'answering again after' : state.lastBad === undefined ? 'no outage yet;' : 'down;';
  if (state.targets.length === 0) return [`since the fault ${seconds(elapsed)}`];
  return state.targets.map(({of, target}) => {
    const figure = `${seconds(elapsed)} of ${formatDuration(target)}`;
    const painted = elapsed > target ? paint('red', figure) : figure;
    return `RTO ${of ?? ''}: ${said}${back === undefined ? ' since the fault' : ''} ${painted}`;
  });
}

const marks = {ok: '▁', bad: '█', blind: '░'} as const;
const styles = {ok: 'green', bad: 'red', blind: 'yellow'} as const;

/** Equal neighbours together, so that a colour is switched once for each run of them. */
function runsOf(states: readonly Sample['state'][]): [Sample['state'], number][] {
  const runs: [Sample['state'], number][] = [];
  for (const state of states) {
    const last = runs.at(-1);
    if (last?.[0] === state) last[1] += 1;
    else runs.push([state, 1]);
  }
  return runs;
}

function stripLine(name: string, {states, lastDetail}: Strip, columns: number, paint: Paint): string {
  const room = Math.max(10, Math.min(stripLength, columns - name.length - 24));
  const strip = runsOf(states.slice(-room)).map(([state, length]) => paint(styles[state], marks[state].repeat(length)));
  return `${name} ${strip.join('')}${lastDetail ? ` ${clip(oneLine(lastDetail), 20)}` : ''}`;
}

const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
const clip = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
