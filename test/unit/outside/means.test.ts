import {expect, test} from 'vitest';
import {meansFor, missingMeans} from '../../../src/outside/means.ts';

const look = {run: () => Promise.reject(new Error('looked'))};
const change = {run: () => Promise.reject(new Error('changed'))};
const atHand = {exec: {look, change}};

test('a definition has the means that it has declared, and no others', () => {
  expect(meansFor({kind: 'command/run', needs: ['exec']}, atHand)).toEqual({
    look: {exec: look},
    change: {exec: change},
  });
  expect(meansFor({kind: 'pod/delete'}, atHand)).toEqual({look: {}, change: {}});
});

test('one that is not at hand is named', () => {
  const needy = {kind: 'node/crash', needs: ['exec', 'platform'] as const};
  expect(missingMeans(needy, atHand)?.message).toMatch(/^node\/crash needs .*\(platform\)/);
  expect(missingMeans({...needy, needs: ['exec']}, atHand)).toBeUndefined();
  expect(() => meansFor(needy, atHand)).toThrow(expect.objectContaining({code: 'E_NEED', hint: expect.any(String)}));
});
