import type {Redactor} from '../../src/io/redact.ts';
import {type Journal, type JournalFile, journalOn} from '../../src/journal/write.ts';

/** A real journal whose bytes stay in memory. `file` may be replaced in part to let the disk fail. */
export function createMemoryJournal({redactor, ...file}: Partial<JournalFile> & {redactor?: Redactor} = {}): {
  journal: Journal;
  text: () => string;
} {
  let text = '';
  const journal = journalOn(
    {
      append: async (line) => {
        text += line;
      },
      sync: async () => undefined,
      truncate: async (size) => {
        text = text.slice(0, size);
      },
      close: async () => undefined,
      ...file,
    },
    'journal.jsonl',
    0,
    redactor ? {redactor} : {},
  );
  return {journal, text: () => text};
}
