import {expect, test} from 'vitest';
import {criticalSections} from '../../../src/io/critical.ts';

test('everybody is told when it begins and when it is over, whether it succeeds or fails', async () => {
  const told: string[] = [];
  const hold = (who: string) => (what: string) => {
    told.push(`${who}: ${what}`);
    return () => told.push(`${who}: over`);
  };
  const {critical, tell} = criticalSections(hold('signals'), undefined);
  tell(hold('machine'));
  expect(await critical('restoring etcd', async () => told.push('work'))).toBe(3);
  const held = ['signals: restoring etcd', 'machine: restoring etcd'];
  const over = ['signals: over', 'machine: over'];
  expect(told.splice(0)).toEqual([...held, 'work', ...over]);
  await expect(critical('restoring etcd', () => Promise.reject(new Error('no room')))).rejects.toThrow('no room');
  expect(told).toEqual([...held, ...over]);
});
