import {describe, expect, it} from 'vitest';
import type {ExecOptions, ExecResult} from '../../../src/io/exec.ts';
import {command} from '../../../src/probes/command.ts';
import {askControl, askProbe} from '../../support/probe-context.ts';

const result = (more: Partial<ExecResult>): ExecResult => ({
  stdout: '',
  stderr: '',
  timedOut: false,
  durationMs: 1,
  ...more,
});
/** Answers by the first argument. */
const exec = {
  run: async ([program]: readonly string[], _options: ExecOptions) => {
    if (program === 'missing') throw new Error('spawn missing ENOENT');
    if (program === 'slow') return result({timedOut: true});
    if (program === 'killed') return result({});
    return result({exitCode: program === 'good' ? 0 : 3, stdout: 'out'});
  },
};

describe('command', () => {
  it.each([
    ['good', {state: 'ok'}],
    ['worse', {state: 'bad', detail: 'exit code 3'}],
    ['slow', {state: 'bad', detail: 'timeout'}],
    ['killed', {state: 'bad', detail: 'ended by a signal'}],
    ['missing', {state: 'blind', detail: 'spawn missing ENOENT'}],
  ])('takes the program "%s" for %j', async (program, reading) => {
    expect(await askProbe(command, {argv: [program]}, {exec})).toMatchObject(reading);
  });

  it('lets expect speak of the output', async () => {
    expect(
      await askProbe(command, {argv: ['worse']}, {exec, expect: "stdout == 'out' && exitCode == 3"}),
    ).toMatchObject({
      state: 'ok',
    });
  });

  it('hands its folder, variables and timeout on', async () => {
    const seen: ExecOptions[] = [];
    const run = async (_argv: readonly string[], options: ExecOptions) => {
      seen.push(options);
      return result({exitCode: 0});
    };
    await askProbe(command, {argv: ['x'], cwd: 'a', env: {B: 'c'}}, {exec: {run}, timeout: 1234});
    expect(seen).toMatchObject([{timeout: 1234, cwd: 'a', env: {B: 'c'}}]);
  });

  it('has the control that the scenario gives, and none otherwise', async () => {
    expect(await askControl(command, {argv: ['good'], controlArgv: ['worse']}, {exec})).toMatchObject({state: 'bad'});
    expect(command.control?.({argv: ['good']})).toBeUndefined();
  });
});
