import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {ExitCode} from '../io/errors.ts';
import {targetText} from '../io/target.ts';
import {oneLine} from '../io/text.ts';
import {defineCommand} from './define.ts';
import {defined} from './support/defined.ts';
import {printResult} from './support/output.ts';
import {findRun, reportFolder, rollbackCommand} from './support/runs.ts';
import {type Standing, standingOf} from './support/standing.ts';

interface StatusFlags {
  reports?: string;
}

/** `kubedrill status [RUN]`. */
export const status = defineCommand<StatusFlags>({
  describe: (command) => {
    command
      .description(
        'Says where runs stand: running, crashed, dirty or clean, and what is still to be taken back. Asks no cluster.\n' +
          'Exit 4 when a run is dirty, or crashed with something not taken back. What was changed in the cluster of\n' +
          'run --practice ended with it.',
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
    const runs = [];
    for (const folder of folders) runs.push(await standingOf(folder));
    const open = runs.filter(
      ({outstanding, differences, state}) => (outstanding.length > 0 || differences.length > 0) && state !== 'running',
    );
    const lines = await Promise.all(
      runs.map(async (one) => statusText(one, open.includes(one) ? await rollbackCommand(one.folder, invocation) : '')),
    );
    await printResult(invocation, {kind: 'Status', runs}, lines.join('') || 'no runs\n');
    return open.length > 0 ? ExitCode.dirty : ExitCode.passed;
  },
});

/** `rollback` is the command that takes back what is left; empty when nothing is, or the run is at work. */
function statusText(run: Standing, rollback: string): string {
  const {id, state, verdict, operator, outstanding, differences, clusterGone} = run;
  let text = `${id}  ${state}${verdict === undefined ? '' : `, ${verdict}`}  (${oneLine(operator)})\n`;
  if (clusterGone) text += '  Its practice cluster ended with its process, and all that was changed in there.\n';
  if (rollback === '') return text;
  for (const {target, undo, undone, command} of outstanding) {
    const byHand = command === undefined ? '' : `; by hand: ${oneLine(command)}`;
    text += `  ${oneLine(targetText(target))}: ${undo.kind}, ${undone}${byHand}\n`;
  }
  for (const {target, change, paths, command} of differences) {
    const how = command === undefined ? '' : `; see: ${oneLine(command)}`;
    text += `  ${oneLine(targetText(target))}: not as before (${oneLine([change, ...paths].join(' '))})${how}\n`;
  }
  // A rollback would ask for the cluster.
  return clusterGone ? text : `${text}  Take it back with: ${rollback}\n`;
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
