import {PassThrough} from 'node:stream';
import {expect, test} from 'vitest';
import {plainTerminal} from '../../../../src/cli/show/terminal.ts';
import {answer, createInteraction} from '../../../../src/cli/support/interaction.ts';
import {painter} from '../../../../src/io/text.ts';

/** Answers questions from a list and keeps what was asked. */
function person(answers: string[]) {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answers.shift() ?? Promise.reject(new Error('asked too often'));
  };
  return {asked, ask};
}

test.each([
  [['done'], {outcome: 'done', who: 'ada'}],
  [[' Abort '], {outcome: 'abort', who: 'ada'}],
  [['deviated', 'used the other runbook'], {outcome: 'deviated', note: 'used the other runbook', who: 'ada'}],
  [['yes', '', 'done'], {outcome: 'done', who: 'ada'}],
  [['deviated', '  ', 'done'], {outcome: 'done', who: 'ada'}],
])('%o gives %o', async (answers, wanted) => {
  const {ask} = person([...answers]);
  expect(await answer(ask, 'ada')).toEqual(wanted);
});

test.each([
  ['a terminal', {in: true, err: true, env: {}}, true],
  ['a terminal with CI set', {in: true, err: true, env: {CI: 'true'}}, false],
  ['stdin from a pipe', {in: false, err: true, env: {}}, false],
  ['stderr into a file', {in: true, err: false, env: {}}, false],
])('%s: attended %o is %s', async (_what, place, attended) => {
  const io = {
    stdin: Object.assign(new PassThrough(), {isTTY: place.in}),
    stdout: new PassThrough(),
    print: () => {},
    stderr: Object.assign(new PassThrough(), {isTTY: place.err}),
    env: place.env,
    cwd: '/',
    signals: {on: () => {}, off: () => {}},
    interrupt: () => {},
    exit: () => {},
  };
  const interaction = createInteraction({io, terminal: plainTerminal(io.stderr), paint: painter(false), who: 'ada'});
  expect(interaction.attended).toBe(attended);
  if (!attended) {
    await expect(interaction.manual({text: 'look'}, new AbortController().signal)).rejects.toThrow('nobody can answer');
    return;
  }
  const answered = interaction.manual(
    {text: 'look', role: 'operator', expected: 300_000},
    new AbortController().signal,
  );
  io.stdin.write('done\n');
  expect(await answered).toEqual({outcome: 'done', who: 'ada'});
  expect(String(io.stderr.read())).toContain('manual step for operator (expected to take 5m)');
});
