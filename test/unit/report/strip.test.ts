import {expect, test} from 'vitest';
import {stripOf, stripWindow} from '../../../src/report/strip.ts';

const align = {shift: {min: 0, max: 0}, error: 0};
const at = (start: number, state: 'ok' | 'bad' | 'blind') => ({seq: start / 100, start, end: start + 5, state});

test('the worst sample of a column counts', () => {
  const samples = [at(0, 'ok'), at(100, 'bad'), at(200, 'ok'), at(400, 'blind'), at(500, 'ok')];
  const strip = stripOf({name: 'a', every: 100, samples, align}, {from: 0, column: 200, until: 10_000});
  expect(strip.trimEnd()).toBe('█▁?');
});

test('what ends after the part that is judged is not shown', () => {
  const samples = [at(0, 'ok'), at(100, 'ok'), at(200, 'bad')];
  const strip = stripOf({name: 'a', every: 100, samples, align}, {from: 0, column: 100, until: 204});
  expect(strip.trimEnd()).toBe('▁▁');
});

test('columns between two samples show the one before; a silence is a hole', () => {
  const samples = [at(0, 'ok'), at(100, 'ok'), at(1000, 'ok')];
  const strip = stripOf({name: 'a', every: 100, samples, align}, {from: 0, column: 50, until: 10_000});
  expect(strip).toBe(`${'▁'.repeat(6)}${' '.repeat(14)}▁${' '.repeat(51)}`);
});

test('shows the outage with some time around it, or the whole window when there is none', () => {
  const fault = {earliest: 10_000, latest: 10_010};
  const whole = stripWindow(fault, 30_000, []);
  expect(whole.from + whole.column * 72).toBeGreaterThanOrEqual(30_000);
  const outage = {ended: {earliest: 11_000, latest: 11_200}};
  const near = stripWindow(fault, 30_000, [{outages: [outage]} as never]);
  expect(near.column).toBe(50);
  expect(near.from).toBeLessThanOrEqual(9000);
  expect(near.from + near.column * 72).toBeGreaterThanOrEqual(12_200);
});
