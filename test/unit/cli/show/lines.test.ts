import {expect, test} from 'vitest';
import {lineOf} from '../../../../src/cli/show/lines.ts';
import {painter} from '../../../../src/io/text.ts';
import type {StepRecord} from '../../../../src/journal/plan.ts';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {entries} from '../../../support/entries.ts';

const step: StepRecord = {
  path: 'inject.0',
  phase: 'inject',
  form: 'uses',
  id: 'kill',
  uses: 'pod/delete',
  timeout: 60_000,
  targets: [],
  cascade: [],
  undoKinds: [],
};
const context = {
  steps: new Map([[step.path, step]]),
  begun: new Map([[step.path, -1250]]),
  mutated: new Map([['m', 'Pod a/b']]),
};
const pods = ['a', 'b', 'c', 'd'].map((name) => ({apiVersion: 'v1', kind: 'Pod', name, namespace: 'kube-system'}));

test.each<[JournalEvent, string | undefined]>([
  [{type: 'phase.entered', phase: 'steady'}, 'phase steady'],
  [
    {type: 'step.started', path: 'inject.0', targets: pods},
    'step inject.0 kill: pod/delete → Pod kube-system/a, Pod kube-system/b, Pod kube-system/c and 1 more',
  ],
  [{type: 'step.ended', path: 'inject.0', outcome: 'done'}, 'step inject.0 kill: pod/delete done after 1.25s'],
  [
    {type: 'step.ended', path: 'inject.0', outcome: 'failed', error: {code: 'E', message: '403'}},
    'step inject.0 kill: pod/delete failed after 1.25s: 403',
  ],
  [{type: 'step.ended', path: 'prepare.3', outcome: 'skipped'}, 'step prepare.3 skipped'],
  [{type: 'guard.answered', phase: 'preflight', guard: 'lock', ok: true, message: 'free'}, undefined],
  [
    {type: 'guard.answered', phase: 'preflight', guard: 'lock', ok: false, message: 'held', hint: 'Wait.'},
    'no: held Wait.',
  ],
  [
    {type: 'effect.seen', path: 'inject.0', seen: true, detail: '2 of 2 old pods are gone'},
    'effect seen: 2 of 2 old pods are gone',
  ],
  [
    {type: 'check.answered', check: 'new\u001b[2J', moment: 'after', answer: 'pass', start: 0, end: 1},
    'check "new\\u001b[2J" after: pass',
  ],
  [{type: 'control.answered', series: 'dns', state: 'bad'}, undefined],
  [{type: 'control.answered', series: 'dns', state: 'ok'}, 'control of dns was ok, not bad'],
  [
    {type: 'undo.ended', mutation: 'm', state: 'failed', detail: '403', command: 'kubectl x'},
    'undo of Pod a/b failed: 403; by hand: kubectl x',
  ],
  [{type: 'undo.ended', mutation: 'm', state: 'undone'}, 'undo of Pod a/b: undone'],
  [{type: 'signal', name: 'SIGINT'}, 'SIGINT: stopping, undoing, reporting; once more to leave at once'],
  [
    {type: 'stopped', cause: 'stopWhen', detail: 'neighbour down for 30s'},
    'stopped (stopWhen): neighbour down for 30s',
  ],
  [{type: 'run.ended'}, undefined],
])('%o', (event, wanted) => {
  const [entry] = entries([event]);
  expect(entry && lineOf(entry, context, painter(false))).toBe(wanted);
});
