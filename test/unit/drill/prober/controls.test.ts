import {expect, test} from 'vitest';
import {hasControl} from '../../../../src/drill/prober/controls.ts';
import type {ProbeRecord} from '../../../../src/journal/plan.ts';

const pager: ProbeRecord = {
  name: 'pager',
  uses: 'alertmanager',
  from: 'runner',
  every: 1000,
  timeout: 1000,
  with: {url: 'http://127.0.0.1:9093', alert: 'Down'},
};

test('what waits for the disaster has no control to wait for: it is bad before the fault by itself', () => {
  expect(hasControl(pager)).toBe(true);
  expect(hasControl({...pager, detector: true})).toBe(false);
});
