import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {ExitCode} from '../io/errors.ts';
import {oneLine} from '../io/text.ts';
import {defineCommand} from './define.ts';
import {targetText} from './show/lines.ts';
import {defined} from './support/defined.ts';
import {printResult} from './support/output.ts';
import {findRun, reportFolder, rollbackCommand} from './support/runs.ts';

interface StatusFlags {
  reports?: string;
}

/** `kubedrill status [RUN]`. */
export const status = defineCommand<StatusFlags>({
  describe: (command) => {
    command
      .description(
        'Says where runs stand: running, crashed, dirty or clean, and what is still to be taken back. Asks no cluster.\n' +
          'Exit 4 when a run is dirty, or crashed with something not taken back.',
      )
      .argument('[run]', 'a run folder, or the id of a run; all runs of the report folder when left out')
      .option('--reports <folder>', 'folder that holds the run folders');
  },
  examples: ['kubedrill status', 'kubedrill status 2026-11-20T214007Z-kill-coredns-7f3a -o json'],
  run: async (invocation) => {
    const {io, flags, args} = invocation;
    const place = {cwd: io.cwd, env: io.env, ...defined({reports: flags.reports, config: flags.config})};
    const folders =
      args[0] === undefined ? await runFolders(await reportFolder(place)) : [await findRun(args[0], place)];
    const {statusOf} = await import('../drill/state.ts');
    const runs = [];
    for (const folder of folders) runs.push(await statusOf(folder));
    const open = runs.filter(({outstanding, state}) => outstanding.length > 0 && state !== 'running');
    const lines = await Promise.all(
      runs.map(async (one) => statusText(one, open.includes(one) ? await rollbackCommand(one.folder, invocation) : '')),
    );
    await printResult(invocation, {kind: 'Status', runs}, lines.join('') || 'no runs\n');
    return open.length > 0 ? ExitCode.dirty : ExitCode.passed;
  },
});

type Status = Awaited<ReturnType<typeof import('../drill/state.ts').statusOf>>;

/** `rollback` is the command that takes back what is left; empty when nothing is, or the run is at work. */
function statusText({id, state, verdict, operator, outstanding}: Status, rollback: string): string {
  const head = `${id}  ${state}${verdict === undefined ? '' : `, ${verdict}`}  (${oneLine(operator)})\n`;
  if (rollback === '') return head;
  const lines = outstanding.map(
    ({target, undo, undone, command}) =>
      `  ${oneLine(targetText(target))}: ${undo.kind}, ${undone}${command === undefined ? '' : `; by hand: ${oneLine(command)}`}\n`,
  );
  return `${head}${lines.join('')}  Take it back with: ${rollback}\n`;
}

/** Folders that hold a journal, oldest first; none when the report folder is not there. */
async function runFolders(reports: string): Promise<string[]> {
  const names = await readdir(reports, {withFileTypes: true}).catch(() => []);
  const folders = await Promise.all(
    names
      .filter((entry) => entry.isDirectory())
      .map(async ({name}) =>
        (await readdir(join(reports, name))).includes('journal.jsonl') ? [join(reports, name)] : [],
      ),
  );
  return folders.flat().sort();
}
