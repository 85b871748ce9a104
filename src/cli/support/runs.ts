import {existsSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {basename, dirname, join, relative, resolve} from 'node:path';
import {UsageError} from '../../io/errors.ts';
import {shellWord} from '../../io/text.ts';
import type {Invocation} from '../define.ts';
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

/**
 * The command that takes back what a run left, as it works from this folder: with the report folder, unless that is the
 * one that is looked into without being named.
 */
export async function rollbackCommand(
  folder: string,
  {io: {cwd, env}, program}: Pick<Invocation, 'io' | 'program'>,
): Promise<string> {
  const reports = dirname(folder);
  // A config file that cannot be read is somebody else's trouble: the command then names the folder.
  const usual = await reportFolder({cwd, env}).catch(() => undefined);
  const near = relative(cwd, reports);
  const place = near.startsWith('..') ? reports : near || '.';
  return `${program} rollback ${shellWord(basename(folder))}${reports === usual ? '' : ` --reports ${shellWord(place)}`}`;
}

const isRun = (folder: string): boolean => existsSync(join(folder, 'journal.jsonl'));

async function configuredReports({cwd, env, config}: Place): Promise<string | undefined> {
  const {loadConfig} = await import('../../drill/config/config.ts');
  return (await loadConfig({cwd, env, ...defined({path: config})})).reports;
}
