import {type FileHandle, open} from 'node:fs/promises';
import {type Clock, systemClock} from '../io/clock.ts';
import {DrillError, ExitCode, messageOf} from '../io/errors.ts';
import type {Redactor} from '../io/redact.ts';
import {redactEvent} from './redact.ts';
import {type JournalEntry, type JournalEvent, journalVersion} from './types.ts';

/** Where a journal's bytes go; a test can hand in one that fails. */
export interface JournalFile {
  append(text: string): Promise<void>;
  sync(): Promise<void>;
  /** Cuts the file back to its first `size` bytes. */
  truncate(size: number): Promise<void>;
  /** Whether nobody will find what is written, as the file has no name any more. */
  isLost?(): Promise<boolean>;
  close(): Promise<void>;
}

/** The record of a run: append-only, one writer, in order. */
export interface Journal {
  /** Everything written so far, oldest first, entries of earlier processes included. */
  readonly entries: readonly JournalEntry[];
  /**
   * Why the first entry that could not be written could not, from then on the record has a hole; or that the file was
   * removed (E_JOURNAL_LOST), from then on the record is in memory alone.
   */
  readonly failure: DrillError | undefined;
  /** Appends a line. Rejects with E_JOURNAL when it could not be written; the file then ends with the line before. */
  append(event: JournalEvent): Promise<JournalEntry>;
  /** Appends a line and resolves only once it is on disk (fsync). */
  commit(event: JournalEvent): Promise<JournalEntry>;
  /** Calls back for every entry right after it was written. The listener must not throw. */
  subscribe(listener: (entry: JournalEntry) => void): void;
  /** Resolves once everything given so far was written, or could not be. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface OpenOptions {
  clock?: Clock;
  /** Entries that the file holds already (a rollback goes on writing where the run ended). */
  before?: readonly JournalEntry[];
  /** Takes secrets out of every entry before it is written or told to anybody. */
  redactor?: Redactor;
}

/** Creates the journal of a new run. Rejects with E_JOURNAL when the file exists or cannot be made. */
export async function createJournal(path: string, options: OpenOptions = {}): Promise<Journal> {
  return journalOn(await openFile(path, 'ax'), path, 0, options);
}

/** Opens the journal of an earlier process to go on writing. A torn last line must have been cut off before. */
export async function reopenJournal(
  path: string,
  options: OpenOptions & {before: readonly JournalEntry[]},
): Promise<Journal> {
  const handle = await openHandle(path, 'a');
  const {size} = await handle.stat();
  return journalOn(fileOn(handle), path, size, options);
}

/** A journal over any {@link JournalFile}. `size` is the file's length in bytes. */
export function journalOn(file: JournalFile, path: string, size: number, options: OpenOptions = {}): Journal {
  const {clock = systemClock, before = [], redactor} = options;
  const entries: JournalEntry[] = [...before];
  const listeners: ((entry: JournalEntry) => void)[] = [];
  let seq = (before.at(-1)?.seq ?? -1) + 1;
  let length = size;
  let queue: Promise<unknown> = Promise.resolve();
  let failure: DrillError | undefined;
  let torn = false;

  const write = (event: JournalEvent, durable: boolean): Promise<JournalEntry> => {
    // Stamped now, not when the disk gets to it: the stamps are what the report counts with.
    const stamp = {at: clock.wall().toISOString(), mono: Math.round(clock.mono() * 1000) / 1000};
    const task = queue.then(async () => {
      const entry: JournalEntry = {
        v: journalVersion,
        seq,
        ...stamp,
        ...(redactor ? redactEvent(event, redactor) : event),
      };
      const line = `${JSON.stringify(entry)}\n`;
      try {
        // Half a line in the middle would make everything after it unreadable.
        if (torn) await file.truncate(length);
        torn = true;
        await file.append(line);
        if (durable) await file.sync();
        torn = false;
        if (durable && (await file.isLost?.())) failure ??= lostError(path);
      } catch (error) {
        const failed = journalError(path, error);
        failure ??= failed;
        await file.truncate(length).then(
          () => {
            torn = false;
          },
          () => undefined,
        );
        throw failed;
      }
      length += Buffer.byteLength(line);
      seq += 1;
      entries.push(entry);
      for (const listener of listeners) listener(entry);
      return entry;
    });
    queue = task.catch(() => undefined);
    return task;
  };

  return {
    entries,
    get failure() {
      return failure;
    },
    append: (event) => write(event, false),
    commit: (event) => write(event, true),
    subscribe: (listener) => void listeners.push(listener),
    settled: async () => void (await queue),
    close: async () => {
      await queue;
      await file.close();
    },
  };
}

async function openFile(path: string, flags: string): Promise<JournalFile> {
  return fileOn(await openHandle(path, flags));
}

async function openHandle(path: string, flags: string): Promise<FileHandle> {
  try {
    return await open(path, flags, 0o644);
  } catch (error) {
    throw journalError(path, error);
  }
}

function fileOn(handle: FileHandle): JournalFile {
  return {
    append: async (text) => void (await handle.appendFile(text)),
    sync: () => handle.datasync(),
    truncate: (size) => handle.truncate(size),
    isLost: async () => (await handle.stat()).nlink === 0,
    close: () => handle.close(),
  };
}

function journalError(path: string, cause: unknown): DrillError {
  return new DrillError(`the journal ${path} cannot be written: ${messageOf(cause)}`, ExitCode.internal, {
    code: 'E_JOURNAL',
    hint: 'Nothing is changed in a cluster without a journal. Check that the report folder is writable and not full.',
    cause,
  });
}

function lostError(path: string): DrillError {
  return new DrillError(`the journal ${path} was removed while the run was at work`, ExitCode.internal, {
    code: 'E_JOURNAL_LOST',
    hint: 'Nothing is changed in a cluster without a journal. Keep the report folder out of the way of clean-up jobs.',
  });
}
