import {expect, test} from 'vitest';
import type {StepRecord} from '../../../../src/journal/plan.ts';
import {buildModel, renderMarkdown, reportPage, verdict} from '../../../../src/report/index.ts';
import {altered, planOf, scaled} from '../../../support/judged.ts';

/** Scaled to nothing and never back; the one step of the recovery is a command that fails. */
function failedCommand() {
  const run = scaled([[6400, 24_000]]);
  const {steps} = planOf(run);
  const mend = {...steps[0], path: 'recover.0', phase: 'recover', id: 'mend', uses: 'command/run'} as StepRecord;
  const error = {code: 'E_COMMAND', message: 'bring-back ended with exit code 1'};
  return altered(
    altered(run, {drop: (entry) => entry.type.startsWith('undo.') || ('path' in entry && entry.path === 'recover.1')}),
    {
      plan: {steps: [...steps.slice(0, 1), mend]},
      add: [
        [6900, {type: 'step.started', path: 'recover.0'}],
        [
          6910,
          {
            ...{type: 'mutation.intent', mutation: 'm2', role: 'recovery', phase: 'recover', step: 'recover.0'},
            target: {apiVersion: 'kubedrill.dev/v1', kind: 'Command', name: 'bring-back'},
            undo: {kind: 'command/undo', data: {}},
          },
        ],
        [7000, {type: 'mutation.failed', mutation: 'm2', maybeApplied: true, error}],
        [7010, {type: 'step.ended', path: 'recover.0', outcome: 'failed', error}],
      ],
    },
  );
}

test('a recovery that failed is told as that, and comes first', () => {
  const {entries, series} = failedCommand();
  const model = buildModel(entries, series);
  const judged = verdict(model);
  expect(judged.verdict).toBe('failed');
  expect(judged.reasons[0]).toContain('The step recover.0 (mend), command/run, failed: bring-back ended with');
  expect(model.account?.cures).toMatchObject([{path: 'recover.0', broke: 'failed'}]);
  const page = renderMarkdown(reportPage(model, judged));
  expect(page.split('\n')[0]).toContain('FAILED (practice run) — The step recover.0 (mend), command/run, failed');
  expect(page).toMatch(/What was done for the recovery\? +\| mend: `command\/run` \*\*failed\*\*/);
  expect(page).toContain('**failed**; nobody knows what it did');
  expect(page).not.toContain('said to be done');
});
