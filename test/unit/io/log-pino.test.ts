import {mkdtemp, readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {createPinoLog, type Verbosity} from '../../../src/io/log-pino.ts';

async function logged(verbosity: Verbosity) {
  let text = '';
  const {log, addFile} = await createPinoLog({
    verbosity,
    color: false,
    write: (more) => {
      text += more;
    },
  });
  const file = join(await mkdtemp(join(tmpdir(), 'kubedrill-log-')), 'log.jsonl');
  addFile(file);
  log.debug('looked at', {pod: 'a'});
  log.info('deleted', {pod: 'a'});
  log.warn('slow', {ms: 1200});
  log.error('lost', {err: new Error('outer', {cause: new Error('inner')})});
  return {
    text,
    lines: (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
}

test.each([
  [-1, ['lost']],
  [0, ['slow', 'lost']],
  [1, ['deleted', 'slow', 'lost']],
  [2, ['looked at', 'deleted', 'slow', 'lost']],
] as const)('verbosity %i says %o, and the file has everything', async (verbosity, wanted) => {
  const {text, lines} = await logged(verbosity);
  expect(['looked at', 'deleted', 'slow', 'lost'].filter((message) => text.includes(message))).toEqual(wanted);
  expect(lines.map(({msg}) => msg)).toEqual(['looked at', 'deleted', 'slow', 'lost']);
});

test('data stands in fields, an error with its causes', async () => {
  const {lines} = await logged(0);
  expect(lines[2]).toMatchObject({level: 40, msg: 'slow', ms: 1200});
  expect(lines[3].err.message).toContain('inner');
});
