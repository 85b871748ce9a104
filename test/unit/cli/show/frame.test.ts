import {expect, test} from 'vitest';
import {emptyFrame, frameEntry, frameSample, renderFrame} from '../../../../src/cli/show/frame.ts';
import {painter} from '../../../../src/io/text.ts';
import {entries} from '../../../support/entries.ts';
import {planRecord} from '../../../support/plan-record.ts';

const rto = {metric: 'rto' as const, target: 1000, of: 'dns', from: 'fault' as const, source: 'test'};
const draw = (state: ReturnType<typeof emptyFrame>, now: number) => renderFrame(state, now, 80, painter(false));

/** A frame after the fault, which was applied at 300 ms. */
function afterFault(practice = false) {
  const state = emptyFrame('Every CoreDNS pod dies', practice);
  const target = {apiVersion: 'v1', kind: 'Pod', name: 'a'};
  const undo = {kind: 'platform/heals', data: {}};
  const happened = entries([
    {type: 'plan.made', plan: planRecord({objectives: [rto]})},
    {type: 'phase.entered', phase: 'inject'},
    {type: 'mutation.intent', mutation: 'm1', role: 'fault', phase: 'inject', target, undo},
    {type: 'mutation.applied', mutation: 'm1'},
  ]);
  for (const entry of happened) frameEntry(state, entry);
  return state;
}

test('shows title, phase and for how long', () => {
  const state = emptyFrame('A\u001b[2J title', true);
  for (const entry of entries([{type: 'phase.entered', phase: 'steady'}])) frameEntry(state, entry);
  expect(draw(state, 2500)).toBe('A\\u001b[2J title — practice run\nphase steady for 2.5 s');
});

test('the clock runs from the applied fault and stops at the first good sample after the last bad one', () => {
  const state = afterFault();
  expect(draw(state, 800)).toContain('RTO dns: no outage yet; since the fault 0.5 s of 1s');
  frameSample(state, 'dns', {seq: 1, start: 0, end: 1, state: 'ok'}, 200);
  frameSample(state, 'dns', {seq: 2, start: 0, end: 1, state: 'bad', detail: 'timeout'}, 900);
  expect(draw(state, 1100)).toContain('RTO dns: down; since the fault 0.8 s of 1s');
  frameSample(state, 'dns', {seq: 3, start: 0, end: 1, state: 'ok'}, 1200);
  expect(draw(state, 9000)).toContain('RTO dns: answering again after 0.9 s of 1s');
  frameSample(state, 'dns', {seq: 4, start: 0, end: 1, state: 'bad'}, 1400);
  expect(draw(state, 9000)).toContain('down; since the fault 8.7 s');
});

test('is back only when every series is', () => {
  const state = afterFault();
  frameSample(state, 'a', {seq: 1, start: 0, end: 1, state: 'bad'}, 500);
  frameSample(state, 'b', {seq: 1, start: 0, end: 1, state: 'bad'}, 500);
  frameSample(state, 'a', {seq: 2, start: 0, end: 1, state: 'ok'}, 600);
  expect(draw(state, 700)).toContain('down;');
  frameSample(state, 'b', {seq: 2, start: 0, end: 1, state: 'ok'}, 700);
  expect(draw(state, 900)).toContain('answering again after 0.4 s');
});

test('one strip for each series, no wider than the terminal', () => {
  const state = emptyFrame('t', false);
  const states = ['ok', 'ok', 'bad', 'blind'] as const;
  states.forEach((each, seq) => {
    frameSample(state, 'dnsUdp', {seq, start: 0, end: 1, state: each, detail: 'NX\nDOMAIN'}, seq);
  });
  for (let seq = 0; seq < 500; seq++) frameSample(state, 'web', {seq, start: 0, end: 1, state: 'ok'}, seq);
  const [, dns, web] = draw(state, 0).split('\n');
  expect(dns).toBe('dnsUdp ▁▁█░ NX DOMAIN');
  expect(web?.length).toBeLessThanOrEqual(80);
});
