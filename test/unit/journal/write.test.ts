import {appendFile, mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {parseJournal, readJournal} from '../../../src/journal/read.ts';
import {createJournal, journalOn, reopenJournal} from '../../../src/journal/write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
});
afterEach(() => rm(folder, {recursive: true}));

const note = (text: string) => ({type: 'note', text}) as const;

describe('a journal', () => {
  it('numbers and stamps its entries, in the order in which they were given', async () => {
    const journal = await createJournal(join(folder, 'journal.jsonl'));
    await Promise.all(Array.from({length: 50}, (_, index) => journal.append(note(`n${index}`))));
    await journal.close();
    const {entries} = await readJournal(join(folder, 'journal.jsonl'));
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({length: 50}, (_, index) => index));
    expect(entries.map((entry) => entry.type === 'note' && entry.text)).toEqual(
      Array.from({length: 50}, (_, index) => `n${index}`),
    );
  });

  it('is never written over: a second run cannot take the same file', async () => {
    const path = join(folder, 'journal.jsonl');
    await (await createJournal(path)).close();
    await expect(createJournal(path)).rejects.toMatchObject({code: 'E_JOURNAL'});
  });

  it('goes on where an earlier process stopped', async () => {
    const path = join(folder, 'journal.jsonl');
    const first = await createJournal(path);
    await first.commit(note('a'));
    await first.close();
    const before = await readJournal(path);
    const second = await reopenJournal(path, {before: before.entries});
    expect((await second.commit(note('b'))).seq).toBe(1);
    await second.close();
    expect((await readJournal(path)).entries).toHaveLength(2);
  });

  it('cuts off the half line that a full disk left, so that what follows can be read', async () => {
    let text = '';
    let room = 150;
    const journal = journalOn(
      {
        append: (line) => {
          const fits = line.slice(0, room);
          text += fits;
          room -= fits.length;
          return fits === line ? Promise.resolve() : Promise.reject(new Error('ENOSPC: no space left on device'));
        },
        sync: () => Promise.resolve(),
        truncate: (size) => {
          room += text.length - size;
          text = text.slice(0, size);
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      },
      'journal.jsonl',
      0,
    );
    await journal.append(note('fits'));
    await expect(journal.commit(note('x'.repeat(200)))).rejects.toMatchObject({code: 'E_JOURNAL'});
    room = 1000;
    await journal.append(note('later'));
    expect(parseJournal(text, 'journal.jsonl').entries.map((entry) => entry.seq)).toEqual([0, 1]);
    expect(journal.entries).toHaveLength(2);
  });

  it('is settled only once all that was given is written, however slow the disk', async () => {
    const {promise, resolve} = Promise.withResolvers<void>();
    let written = '';
    const journal = journalOn(
      {
        append: async (line) => {
          await promise;
          written += line;
        },
        sync: () => Promise.resolve(),
        truncate: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      'journal.jsonl',
      0,
    );
    void journal.append(note('not waited for'));
    const settled = journal.settled();
    resolve();
    await settled;
    expect(parseJournal(written, 'journal.jsonl').entries).toHaveLength(1);
  });

  it('tells a listener of every entry, once it is written', async () => {
    const path = join(folder, 'journal.jsonl');
    const journal = await createJournal(path);
    const seen: string[] = [];
    journal.subscribe((entry) => seen.push(entry.type));
    await journal.append(note('a'));
    expect(seen).toEqual(['note']);
    await journal.close();
  });
});

describe('reading', () => {
  const line = (seq: number, v = 1) => `${JSON.stringify({v, seq, at: '', mono: 0, type: 'note', text: ''})}\n`;

  it.each([
    ['cut in the middle', line(0) + line(1).slice(0, 12)],
    ['cut right before its end', line(0) + line(1).trimEnd()],
  ])('drops and reports a last line %s', (_, text) => {
    const content = parseJournal(text, 'j');
    expect(content.entries).toHaveLength(1);
    expect(content.torn).toBeDefined();
    expect(content.bytes).toBe(line(0).length);
  });

  it.each([
    ['damage in the middle', `${line(0)}garbage\n${line(1)}`, 'E_JOURNAL_DAMAGED'],
    ['a missing entry', line(0) + line(2), 'E_JOURNAL_DAMAGED'],
    ['a later format', line(0) + line(1, 2), 'E_JOURNAL_VERSION'],
  ])('refuses %s, naming the line', (_, text, code) => {
    expect(() => parseJournal(text, 'j')).toThrowError(expect.objectContaining({code}));
    expect(() => parseJournal(text, 'j')).toThrowError(/^j:2 /);
  });

  it('says which file is missing', async () => {
    await expect(readJournal(join(folder, 'none'))).rejects.toMatchObject({code: 'E_JOURNAL_READ', exitCode: 2});
  });

  it('takes a file whose last line another writer left torn', async () => {
    const path = join(folder, 'journal.jsonl');
    const journal = await createJournal(path);
    await journal.commit(note('whole'));
    await journal.close();
    await appendFile(path, '{"v":1,"se');
    expect(await readJournal(path)).toMatchObject({torn: '{"v":1,"se'});
    expect((await readFile(path, 'utf8')).length).toBeGreaterThan(0);
  });
});
