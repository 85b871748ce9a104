import {expect, test, vi} from 'vitest';
import {defaultConfig} from '../../../../src/drill/config/config.ts';
import {currentConfig, watchFreeze} from '../../../../src/drill/guards/freeze.ts';
import type {Clock} from '../../../../src/io/clock.ts';
import {silentLog} from '../../../../src/io/log.ts';

/** Its sleeps end at once, but not before the rest of the program had its turn. */
const hasty: Clock = {
  wall: () => new Date(0),
  mono: () => 0,
  sleep: async (_ms, signal) => {
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  },
};

test('a freeze is told once, with its reason, however often the file was unreadable before', async () => {
  const answers = [
    async () => defaultConfig,
    async () => Promise.reject(new Error('half saved')),
    async () => ({...defaultConfig, freeze: {reason: 'incident 4711'}}),
  ];
  const warn = vi.fn();
  const reloadConfig = () => (answers.shift() ?? (async () => defaultConfig))();
  const reasons: string[] = [];
  const log = {...silentLog, warn};
  await new Promise<void>((resolve) => {
    watchFreeze({config: defaultConfig, reloadConfig, clock: hasty, log}, (reason) => {
      reasons.push(reason);
      resolve();
    });
  });
  expect(reasons).toEqual(['incident 4711']);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('a watch that has ended tells nothing', async () => {
  let looked = 0;
  const reloadConfig = async () => {
    looked += 1;
    return {...defaultConfig, freeze: {reason: 'late'}};
  };
  const told = vi.fn();
  watchFreeze({config: defaultConfig, reloadConfig, clock: hasty, log: silentLog}, told)();
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect([looked, told.mock.calls.length]).toEqual([0, 0]);
});

test('without a file to read again, what was read holds', async () => {
  expect(await currentConfig({config: defaultConfig, log: silentLog})).toBe(defaultConfig);
});
