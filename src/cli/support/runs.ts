import {existsSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {UsageError} from '../../io/errors.ts';
import {defined} from './defined.ts';

/** Where runs are looked for. */
interface Place {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** `--reports`; else the config file's, else `reports`. */
  reports?: string;
  config?: string;
}

/** The run folder that a person names by path or by id. Rejects with UsageError when there is none. */
export async function findRun(named: string, place: Place): Promise<string> {
  const asPath = resolve(place.cwd, named);
  if (isRun(asPath)) return asPath;
  const reports = await reportFolder(place);
  const asId = join(reports, named);
  if (isRun(asId)) return asId;
  const known = existsSync(reports) ? (await readdir(reports)).filter((name) => isRun(join(reports, name))).sort() : [];
  throw new UsageError(`there is no run "${named}": neither ${asPath} nor ${asId} holds a journal`, {
    code: 'E_NO_RUN',
    hint: known.length > 0 ? `The latest runs are: ${known.slice(-3).join(', ')}.` : `${reports} holds no runs.`,
  });
}

/** Absolute path of the folder that holds the run folders. */
export async function reportFolder(place: Place): Promise<string> {
  return resolve(place.cwd, place.reports ?? (await configuredReports(place)) ?? 'reports');
}

const isRun = (folder: string): boolean => existsSync(join(folder, 'journal.jsonl'));

async function configuredReports({cwd, env, config}: Place): Promise<string | undefined> {
  const {loadConfig} = await import('../../drill/config.ts');
  return (await loadConfig({cwd, env, ...defined({path: config})})).reports;
}
