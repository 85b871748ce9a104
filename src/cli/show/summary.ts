import {join, relative} from 'node:path';
import type {DrillResult} from '../../drill/types.ts';
import {count, oneLine, type Paint, type Style, table} from '../../io/text.ts';
import type {Cleanup, Verdict} from '../../journal/types.ts';

/** A run as the command line shows it. */
export interface PlayedRun extends DrillResult {
  scenario: string;
}

/** The line that every output of a practice run begins with. */
export const practiceNotice = 'practice run on the built-in simulated cluster, not on a Kubernetes cluster';

/** Verdict sentence and report path of one run. */
export function runText(run: PlayedRun, practice: boolean, paint: Paint, cwd: string): string {
  const notice = practice ? `${practiceNotice}\n` : '';
  const dirty =
    run.cleanup === 'dirty' ? `${paint('red', 'not everything could be undone; the report lists it')}\n` : '';
  return `${notice}${paint(outcomeStyle(run), oneLine(run.sentence))}\n${dirty}report: ${nearest(join(run.folder, 'report.md'), cwd)}\n`;
}

/** One row for each run, after several were played. */
export function runSummary(runs: readonly PlayedRun[], notPlayed: readonly string[], paint: Paint): string {
  const rows = runs.map(({scenario, verdict, cleanup, runId}) => [
    scenario,
    paint(outcomeStyle({verdict, cleanup}), verdict),
    cleanup,
    runId,
  ]);
  const rest = notPlayed.map((name) => [name, 'not played']);
  return `\n${count(runs.length + rest.length, 'drill')}\n${table([...rows, ...rest], '  ')}`;
}

const verdictStyle: Readonly<Record<Verdict, Style>> = {
  passed: 'green',
  failed: 'red',
  error: 'red',
  refused: 'yellow',
  aborted: 'yellow',
  inconclusive: 'yellow',
};

/** How a verdict is painted: green is for what nobody has to look at. */
export const outcomeStyle = ({verdict, cleanup}: {verdict: Verdict; cleanup: Cleanup}): Style =>
  cleanup === 'dirty' && verdict === 'passed' ? 'red' : verdictStyle[verdict];

/** A path as one would type it here. */
export function nearest(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : near;
}
