import {join} from 'node:path';
import type {RunStatus} from '../../drill/record/status.ts';
import {isOutside} from '../../io/target.ts';

/** Where a run stands, and what of its changes is still there. */
export interface Standing extends RunStatus {
  /** Its practice cluster ended with its process, and what was changed there with it: that is not outstanding any more. */
  clusterGone?: true;
}

/** Reads where a run stands. Rejects with a UsageError when the folder holds no journal that can be read. */
export async function standingOf(folder: string): Promise<Standing> {
  const {statusOf} = await import('../../drill/record/status.ts');
  const status = await statusOf(folder);
  if (status.outstanding.length === 0 || status.state === 'running') return status;
  const [{readJournal}, {endsWithProcess}] = await Promise.all([
    import('../../journal/read.ts'),
    import('../../journal/recover.ts'),
  ]);
  if (!endsWithProcess((await readJournal(join(folder, 'journal.jsonl'))).entries)) return status;
  const outstanding = status.outstanding.filter(({target}) => isOutside(target));
  return {...status, outstanding, clusterGone: true};
}
