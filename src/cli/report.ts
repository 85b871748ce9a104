import {ExitCode} from '../io/errors.ts';
import {writeReport} from '../report/index.ts';
import {defineCommand} from './define.ts';
import {nearest} from './show/summary.ts';
import {defined} from './support/defined.ts';
import {printResult} from './support/output.ts';
import {findRun} from './support/runs.ts';

interface ReportFlags {
  reports?: string;
}

/** `kubedrill report RUN`. */
export const report = defineCommand<ReportFlags>({
  describe: (command) => {
    command
      .description(
        'Renders the report of a run again from its folder alone, without a cluster. The same version of kubedrill\n' +
          'gives the same bytes.',
      )
      .argument('<run>', 'a run folder, or the id of a run in the report folder')
      .option('--reports <folder>', 'folder that holds the run folders');
  },
  examples: [
    'kubedrill report reports/2026-11-20T214007Z-kill-coredns-7f3a',
    'kubedrill report 2026-11-20T214007Z-kill-coredns-7f3a',
  ],
  run: async (invocation) => {
    const {io, flags} = invocation;
    const folder = await findRun(invocation.args[0] ?? '', {
      cwd: io.cwd,
      env: io.env,
      ...defined({reports: flags.reports, config: flags.config}),
    });
    const {sentence, files} = await writeReport(folder);
    const paths = files.map((file) => nearest(file, io.cwd));
    await printResult(
      invocation,
      {kind: 'ReportResult', folder, sentence, files: paths},
      `${sentence}\n${paths.map((path) => `report: ${path}\n`).join('')}`,
    );
    return ExitCode.passed;
  },
});
