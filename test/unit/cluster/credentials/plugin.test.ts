import {expect, test} from 'vitest';
import {createPlugin} from '../../../../src/cluster/credentials/plugin.ts';
import {systemClock} from '../../../../src/io/clock.ts';
import type {Exec, ExecOptions} from '../../../../src/io/exec.ts';

const v1 = 'client.authentication.k8s.io/v1';
const start = Date.parse('2026-01-01T00:00:00Z');

/** A plugin that hands out t1, t2…, each good for a minute, when it is let. */
function rotating() {
  const asked: ExecOptions[] = [];
  let now = start;
  const waiting: (() => void)[] = [];
  const runner: Exec = {
    run: async (_argv, options) => {
      asked.push(options);
      const token = `t${asked.length}`;
      const expirationTimestamp = new Date(now + 60_000).toISOString();
      await new Promise<void>((resolve, reject) => {
        waiting.push(resolve);
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason));
      });
      const stdout = JSON.stringify({apiVersion: v1, status: {token, expirationTimestamp}});
      return {exitCode: 0, stdout, stderr: '', timedOut: false, durationMs: 1};
    },
  };
  const clock = {...systemClock, wall: () => new Date(now)};
  const plugin = createPlugin({apiVersion: v1, command: '/bin/sh'}, {clock, env: {}, info: async () => '{}'}, runner);
  const answer = async () => {
    const given = plugin.answer();
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    waiting.shift()?.();
    return await given;
  };
  return {
    plugin,
    asked,
    waiting,
    answer,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('it is asked once, by however many calls, until its answer has ended', async () => {
  const {plugin, asked, answer, pass} = rotating();
  const first = plugin.answer();
  expect(await answer()).toEqual({token: 't1'});
  expect(await first).toEqual({token: 't1'});
  pass(60_000);
  expect(plugin.isOver()).toBe(false);
  expect(await plugin.answer()).toEqual({token: 't1'});
  pass(1);
  expect(plugin.isOver()).toBe(true);
  expect(await answer()).toEqual({token: 't2'});
  expect(asked).toHaveLength(2);
});

test('it is asked again when its answer was not accepted', async () => {
  const {plugin, answer} = rotating();
  expect(await answer()).toEqual({token: 't1'});
  plugin.forget();
  expect(await answer()).toEqual({token: 't2'});
});

test('it ends with the connection', async () => {
  const {plugin, waiting} = rotating();
  const given = plugin.answer();
  await expect.poll(() => waiting.length).toBe(1);
  plugin.close();
  await expect(given).rejects.toThrow('aborted');
});
