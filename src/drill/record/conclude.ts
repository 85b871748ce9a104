import {InternalError, messageOf} from '../../io/errors.ts';
import {readModel, readPast, verdict, writeReport} from '../../report/index.ts';
import type {Session} from '../session.ts';
import type {DrillResult} from '../types.ts';

/**
 * Judges the run from its folder, notes the verdict, and writes the report. The verdict in the journal is the one that
 * any later rendering comes to as well, because both are made from the same entries; that they agree is checked.
 */
export async function concludeRun(session: Session): Promise<DrillResult> {
  const {run, folder, journal} = session;
  // Entries that nobody waited for, such as that of this phase, may still be on their way to a slow disk.
  await journal.settled();
  await notePast(session);
  if (journal.failure !== undefined) {
    // What is not in the record cannot be judged, whatever the rest of it says.
    await journal.commit({type: 'stopped', cause: 'error', detail: journal.failure.message});
  }
  const {verdict: found, cleanup, exitCode, reasons} = verdict(await readModel(folder));
  await journal.commit({type: 'verdict', verdict: found, cleanup, exitCode, reasons});
  await journal.commit({type: 'run.ended'});
  const written = await writeReport(folder);
  if (written.verdict !== found || written.exitCode !== exitCode) {
    throw new InternalError(`the journal of ${run.id} says ${found}, and its report ${written.verdict}`);
  }
  return {runId: run.id, folder, verdict: found, cleanup, exitCode, sentence: written.sentence};
}

/** Notes what the report folder says of earlier runs. Trouble with it is told, and changes nothing about this run. */
async function notePast({request, run, journal}: Session): Promise<void> {
  const identified = journal.entries.find((entry) => entry.type === 'cluster.identified');
  const cluster = identified?.type === 'cluster.identified' ? {cluster: identified} : {};
  try {
    const scenario = request.scenario.scenario.metadata.name;
    await journal.append(await readPast(request.reports, {run: run.id, scenario, ...cluster}));
  } catch (error) {
    await journal.append({type: 'note', text: `earlier runs are not in the report: ${messageOf(error)}`});
  }
}
