import type {Progress} from '../../drill/types.ts';
import type {Clock} from '../../io/clock.ts';
import type {Sample} from '../../io/sample.ts';
import {targetText} from '../../io/target.ts';
import {oneLine, type Paint} from '../../io/text.ts';
import type {StepRecord} from '../../journal/plan.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {emptyFrame, frameEntry, frameSample, renderFrame} from './frame.ts';
import {lineOf} from './lines.ts';
import type {Terminal} from './terminal.ts';

/** Says at most this often that one series changed its state; a flapping one must not drown the rest. */
const changesTold = 20;

/** Shows one run: one line for each change of state, and on a TTY the live frame. `end` takes the frame away. */
export function showRun(options: {
  terminal: Terminal;
  clock: Clock;
  paint: Paint;
  title: string;
  practice: boolean;
  /** `-q`: only what ends badly is said by others. */
  quiet: boolean;
}): Progress & {end(): void} {
  const {terminal, clock, paint, quiet} = options;
  const started = clock.mono();
  const steps = new Map<string, StepRecord>();
  const begun = new Map<string, number>();
  const mutated = new Map<string, string>();
  const changes = new Map<string, {state: Sample['state']; told: number}>();
  const frame = emptyFrame(options.title, options.practice);
  const stop = quiet ? () => {} : terminal.animate((columns) => renderFrame(frame, clock.mono(), columns, paint));
  const say = (mono: number, text: string) => {
    if (quiet) return;
    const seconds = (Math.max(0, mono - started) / 1000).toFixed(1).padStart(6);
    terminal.line(`${paint('dim', `${seconds}s`)}  ${text}`);
  };
  return {
    entry: (entry: JournalEntry) => {
      if (entry.type === 'plan.made') for (const step of entry.plan.steps) steps.set(step.path, step);
      if (entry.type === 'step.started') begun.set(entry.path, entry.mono);
      if (entry.type === 'mutation.intent') mutated.set(entry.mutation, targetText(entry.target));
      frameEntry(frame, entry);
      const line = lineOf(entry, {steps, begun, mutated}, paint);
      if (line !== undefined) say(entry.mono, line);
    },
    sample: (series, sample, at) => {
      frameSample(frame, series, sample, at);
      const last = changes.get(series);
      if (last?.state === sample.state) return;
      const told = (last?.told ?? -1) + 1;
      changes.set(series, {state: sample.state, told});
      // The first sample is news only when it is not good.
      if ((told === 0 && sample.state === 'ok') || told > changesTold) return;
      const state = sample.state === 'ok' ? paint('green', 'ok') : paint('red', sample.state);
      const why = sample.state !== 'ok' && sample.detail ? ` (${oneLine(sample.detail)})` : '';
      say(at, `${series} ${state}${why}${told === changesTold ? '; further changes are only counted' : ''}`);
    },
    end: stop,
  };
}
