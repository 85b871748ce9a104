import {readFileSync} from 'node:fs';
import {open} from 'node:fs/promises';
import {type createJournal, type JournalFile, journalOn} from '../../src/journal/write.ts';

/** How a disk fails, at the nth write or flush of a journal, from 1. */
export type DiskFault =
  /** Half a line is written, and from then on nothing more. */
  | {kind: 'full'; at: number}
  /** One write fails; the next ones succeed. */
  | {kind: 'writeError'; at: number}
  /** Half a line is written and cannot be cut back at once; later everything works again. */
  | {kind: 'stuck'; at: number}
  /** Nothing can be written or cut back any more. */
  | {kind: 'readOnly'; at: number}
  /** One flush fails, after its line was written. */
  | {kind: 'flushError'; at: number};

export interface FailingDisk {
  openJournal: typeof createJournal;
  /** Writes and flushes that were asked for so far. */
  counts: {writes: number; flushes: number};
  /** Whether the fault has happened. */
  failed(): boolean;
  /** What is in the file now. */
  text(): string;
}

/** A disk under a journal that fails once or for good; without a fault it only counts. */
export function failingDisk(fault?: DiskFault): FailingDisk {
  const counts = {writes: 0, flushes: 0};
  let failed = false;
  let file = '';
  let freed = false;
  const fail = (code: string, syscall: string): never => {
    failed = true;
    throw Object.assign(new Error(`${code}: injected, ${syscall}`), {code, syscall});
  };
  const openJournal: typeof createJournal = async (path, options) => {
    const handle = await open(path, 'ax');
    file = path;
    const readOnly = () => fault?.kind === 'readOnly' && counts.writes >= fault.at;
    const journal: JournalFile = {
      append: async (text) => {
        counts.writes += 1;
        if (fault?.kind === 'full' && counts.writes >= fault.at) {
          if (counts.writes === fault.at) await handle.appendFile(text.slice(0, text.length / 2));
          fail('ENOSPC', 'write');
        }
        if (fault?.kind === 'stuck' && counts.writes === fault.at) {
          await handle.appendFile(text.slice(0, text.length / 2));
          fail('EIO', 'write');
        }
        if (fault?.kind === 'writeError' && counts.writes === fault.at) fail('EIO', 'write');
        if (readOnly()) fail('EROFS', 'write');
        await handle.appendFile(text);
      },
      sync: async () => {
        counts.flushes += 1;
        if (fault?.kind === 'flushError' && counts.flushes === fault.at) fail('EIO', 'fsync');
        await handle.datasync();
      },
      truncate: async (size) => {
        if (readOnly()) fail('EROFS', 'ftruncate');
        if (fault?.kind === 'stuck' && failed && !freed) {
          freed = true;
          fail('EIO', 'ftruncate');
        }
        await handle.truncate(size);
      },
      close: () => handle.close(),
    };
    return journalOn(journal, path, 0, options);
  };
  return {openJournal, counts, failed: () => failed, text: () => readFileSync(file, 'utf8')};
}
