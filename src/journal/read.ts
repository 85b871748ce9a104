import {readFile} from 'node:fs/promises';
import {messageOf, UsageError} from '../io/errors.ts';
import {isJsonObject, parseJson} from '../io/json.ts';
import {type JournalEntry, journalVersion} from './types.ts';

export interface JournalContent {
  entries: JournalEntry[];
  /** The last line when it is not whole: the process died while it wrote. Dropped from `entries`. */
  torn?: string;
  /** Bytes up to the end of the last whole line. */
  bytes: number;
}

/**
 * Reads a journal. Rejects with a UsageError when the file is missing, was written by a later version, or is damaged
 * anywhere but in its last line.
 */
export async function readJournal(path: string): Promise<JournalContent> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}`, {
      code: 'E_JOURNAL_READ',
      hint: 'Name a run folder, as printed at the end of a run: reports/<run id>.',
      cause: error,
    });
  }
  return parseJournal(text, path);
}

/** Parses a journal's text; see {@link readJournal}. */
export function parseJournal(text: string, path: string): JournalContent {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const entries: JournalEntry[] = [];
  let bytes = 0;
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line);
    if (entry === undefined) {
      // A whole line that cannot be read is no crash of ours: somebody edited the file, or the disk lost a block.
      if (index === lines.length - 1 && last === '') return {entries, torn: line, bytes};
      throw damaged(path, index + 1, 'it is no journal entry');
    }
    if (entry.v > journalVersion) {
      throw new UsageError(`${path}:${index + 1} was written by a later version of kubedrill (journal v${entry.v})`, {
        code: 'E_JOURNAL_VERSION',
        hint: `This version reads journals up to v${journalVersion}. Use the version that wrote it, or a later one.`,
      });
    }
    if (entry.seq !== entries.length) {
      throw damaged(path, index + 1, `entry ${entries.length} was expected, not ${entry.seq}`);
    }
    entries.push(entry);
    bytes += Buffer.byteLength(line) + 1;
  }
  return last === '' ? {entries, bytes} : {entries, torn: last, bytes};
}

function parseLine(line: string): JournalEntry | undefined {
  try {
    const value: unknown = parseJson(line);
    const whole =
      isJsonObject(value) &&
      typeof value.v === 'number' &&
      typeof value.seq === 'number' &&
      typeof value.mono === 'number' &&
      typeof value.type === 'string';
    return whole ? (value as unknown as JournalEntry) : undefined;
  } catch {
    return undefined;
  }
}

function damaged(path: string, line: number, why: string): UsageError {
  return new UsageError(`${path}:${line} is damaged: ${why}`, {
    code: 'E_JOURNAL_DAMAGED',
    hint: 'Only a torn last line is expected after a crash. Restore the file from a copy before relying on it.',
  });
}
