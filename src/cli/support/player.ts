import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {runDrill} from '../../drill/index.ts';
import {systemClock} from '../../io/clock.ts';
import {messageOf} from '../../io/errors.ts';
import {createPinoLog, type PinoLog} from '../../io/log-pino.ts';
import {type EndingSignal, listenForSignals} from '../../io/signals.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {ScenarioFile} from '../../scenario/index.ts';
import type {Invocation} from '../define.ts';
import {trackUndos} from '../show/outstanding.ts';
import {showRun} from '../show/progress.ts';
import {type PlayedRun, practiceNotice} from '../show/summary.ts';
import {plainTerminal, type Terminal} from '../show/terminal.ts';
import type {RunFlags} from './drill-flags.ts';
import {createInteraction} from './interaction.ts';
import {heldText, leaveAtOnce} from './leave.ts';
import {drillRequest, readCall} from './request.ts';
import {openCluster} from './targets.ts';
import {verbosityOf} from './verbosity.ts';

/** Everything that the drills of one command line share. */
export interface Player {
  practice: boolean;
  /** The signal that came: no further drill begins. */
  endedBy(): EndingSignal | undefined;
  /** Plays one drill to its end. Rejects with a DrillError when it could not even begin. */
  play(scenario: ScenarioFile): Promise<PlayedRun>;
  /** Leaves the cluster and the signals alone again. */
  close(): Promise<void>;
}

/** Opens cluster, log, terminal and signal handling. Rejects with a DrillError before anything is touched. */
export async function openPlayer(
  invocation: Invocation<RunFlags>,
  scenarios: readonly ScenarioFile[],
): Promise<Player> {
  const {io, flags, paint, program} = invocation;
  const call = await readCall(invocation, scenarios);
  const reports = call.settings.reports.value;
  const practice = flags.practice === true;
  const terminal = await terminalFor(invocation);
  const pino = await createPinoLog({
    verbosity: verbosityOf(flags),
    color: paint.stderr('bold', 'x') !== 'x',
    write: (text) => terminal.line(text.trimEnd()),
  });
  let undos = trackUndos();
  const signals = listenForSignals(
    io.signals,
    (name) => leaveAtOnce({io, name, undos, practice, program, reports}),
    (name, what) => terminal.line(paint.stderr('yellow', heldText(name, what))),
  );
  if (practice && !flags.quiet) terminal.line(paint.stderr('bold', practiceNotice));
  const cluster = await openCluster(invocation, {seed: call.seed, proberImage: call.settings.proberImage.value});
  const interaction = createInteraction({
    io,
    terminal,
    paint: paint.stderr,
    who: flags.operator ?? io.env.USER ?? 'unknown',
  });

  const play = async (scenario: ScenarioFile): Promise<PlayedRun> => {
    undos = trackUndos();
    const {name} = scenario.scenario.metadata;
    const shown = showRun({
      terminal,
      clock: systemClock,
      paint: paint.stderr,
      title: name,
      practice,
      quiet: flags.quiet === true,
    });
    const entry = (next: JournalEntry) => {
      undos.entry(next);
      if (next.type === 'run.started') keepLog(pino, join(reports, next.run.id));
      shown.entry(next);
    };
    const progress = {entry, sample: shown.sample};
    try {
      const {log} = pino;
      const request = drillRequest(call, scenario, {
        ...{cluster, log, interaction, progress, abort: signals.signal, holdOff: signals.holdOff},
      });
      return {scenario: name, ...(await runDrill(request))};
    } finally {
      shown.end();
    }
  };
  return {
    practice,
    endedBy: signals.received,
    play,
    close: async () => {
      await cluster.close();
      signals.release();
    },
  };
}

/** The live frame only where somebody watches: a terminal that can move its cursor, and no CI. */
async function terminalFor({io: {stderr, env}, flags}: Invocation<RunFlags>): Promise<Terminal> {
  const live = stderr.isTTY === true && !flags.quiet && env.TERM !== 'dumb' && !env.CI;
  if (!live) return plainTerminal(stderr);
  const {liveTerminal} = await import('../show/live-terminal.ts');
  return liveTerminal(stderr);
}

/** Keeps the log beside the run's other evidence. A drill is worth more than its log: trouble here ends nothing. */
function keepLog({log, addFile}: PinoLog, folder: string): void {
  try {
    mkdirSync(join(folder, 'evidence'), {recursive: true});
    addFile(join(folder, 'evidence', 'log.jsonl'));
  } catch (error) {
    log.warn('the log is not kept in the run folder', {error: messageOf(error)});
  }
}
