import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {InvalidArgumentError, Option} from 'commander';
import {ExitCode, UsageError} from '../io/errors.ts';
import {
  faultsOf,
  type HistoryFault,
  historyFaults,
  historyOf,
  isOpen,
  type KnownScenario,
  readFindings,
  readHistory,
} from '../report/index.ts';
import {defineCommand, type Io} from './define.ts';
import {historyText} from './show/history.ts';
import {defined} from './support/defined.ts';
import {collect} from './support/flags.ts';
import {printResult} from './support/output.ts';
import {reportFolder} from './support/runs.ts';

interface HistoryFlags {
  reports?: string;
  scenarios?: string[];
  failOn?: HistoryFault[];
}

/** Folders in which scenarios are looked for when none is named. */
const usualFolders = ['scenarios', 'drills'];

/** `kubedrill history [SCENARIO]`. */
export const history = defineCommand<HistoryFlags>({
  describe: (command) => {
    command
      .description(
        'Shows what the runs of a report folder say together: verdicts, RTO, RPO and their trend, what is overdue\n' +
          'by its cadence or was never run, and findings that are open. Asks no cluster.',
      )
      .argument('[scenario]', 'name of one scenario; all when left out')
      .option('--reports <folder>', 'folder that holds the run folders')
      .addOption(
        new Option(
          '--scenarios <path>',
          'scenario files, to see what was never run; may be repeated; default: scenarios/ or drills/ here',
        ).argParser(collect),
      )
      .addOption(
        new Option('--fail-on <what>', `exit 1 when there is one of ${historyFaults.join(', ')}; or all`).argParser(
          parseFaults,
        ),
      );
  },
  examples: [
    'kubedrill history',
    'kubedrill history kill-coredns -o json',
    'kubedrill history --reports evidence/ --scenarios drills/ --fail-on overdue,never-run,regression',
  ],
  run: async (invocation) => {
    const {io, flags, args} = invocation;
    const [name] = args;
    const reports = await reportFolder({
      cwd: io.cwd,
      env: io.env,
      ...defined({reports: flags.reports, config: flags.config}),
    });
    const [{runs, unreadable}, known, findings] = [
      await readHistory(reports, name),
      await knownScenarios(flags.scenarios, io),
      await readFindings(reports),
    ];
    const now = new Date();
    const all = historyOf(runs, known, findings, now);
    const scenarios = name === undefined ? all : all.filter((one) => one.name === name);
    if (name !== undefined && scenarios.length === 0) {
      throw new UsageError(`there is no run of a scenario "${name}" in ${reports}, and no file of it`, {
        code: 'E_NO_SCENARIO',
        hint:
          all.length > 0 ? `Known are: ${all.map((one) => one.name).join(', ')}.` : 'Name the files with --scenarios.',
      });
    }
    const faults = scenarios.flatMap((one) => faultsOf(one, now));
    await printResult(
      invocation,
      {kind: 'History', reports, scenarios, faults, findings: findings.filter(isOpen), unreadable},
      historyText({scenarios, faults, unreadable}, invocation.paint.stdout),
    );
    const stopAt = new Set(flags.failOn ?? []);
    return faults.some(({fault}) => stopAt.has(fault)) ? ExitCode.failed : ExitCode.passed;
  },
});

/** What the scenario files say; of the usual folders when none are named. */
async function knownScenarios(
  named: readonly string[] | undefined,
  {cwd, stdin, stderr}: Io,
): Promise<KnownScenario[]> {
  const inputs = named ?? usualFolders.filter((folder) => existsSync(resolve(cwd, folder)));
  if (inputs.length === 0) return [];
  const {loadScenarios, renderDiagnostics, ScenarioError} = await import('../scenario/index.ts');
  const {scenarios, diagnostics} = await loadScenarios(inputs, {cwd, stdin});
  if (diagnostics.length > 0) {
    if (named) throw new ScenarioError(diagnostics);
    const {harmless} = await import('../io/text.ts');
    stderr.write(harmless(renderDiagnostics(diagnostics)));
  }
  return scenarios.map(({scenario: {metadata, spec}}) => ({
    name: metadata.name,
    title: metadata.title,
    owner: metadata.owner,
    ...defined({cadence: metadata.cadence}),
    environments: spec.target.environments,
  }));
}

/** `overdue,regression`, or `all`. */
function parseFaults(value: string, previous: readonly HistoryFault[] | undefined): HistoryFault[] {
  const words = value.split(',').map((word) => word.trim());
  const known: readonly string[] = historyFaults;
  if (words.includes('all')) return [...historyFaults];
  const wrong = words.find((word) => !known.includes(word));
  if (wrong !== undefined) throw new InvalidArgumentError(`Allowed are ${historyFaults.join(', ')}, all.`);
  return [...(previous ?? []), ...(words as HistoryFault[])];
}
