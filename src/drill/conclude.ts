import {readModel, verdict, writeReport} from '../report/index.ts';
import type {Session} from './session.ts';
import type {DrillResult} from './types.ts';

/**
 * Judges the run from its folder, notes the verdict, and writes the report. The verdict in the journal is the one that
 * any later rendering comes to as well, because both are made from the same entries.
 */
export async function concludeRun({run, folder, journal}: Session): Promise<DrillResult> {
  const {verdict: found, cleanup, exitCode, reasons} = verdict(await readModel(folder));
  await journal.commit({type: 'verdict', verdict: found, cleanup, exitCode, reasons});
  await journal.commit({type: 'run.ended'});
  const {sentence} = await writeReport(folder);
  return {runId: run.id, folder, verdict: found, cleanup, exitCode, sentence};
}
