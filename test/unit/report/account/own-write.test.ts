import {expect, test} from 'vitest';
import {buildModel, renderMarkdown, reportPage, verdict} from '../../../../src/report/index.ts';
import {altered, service} from '../../../support/judged.ts';
import {killCoredns, killPlan} from '../../../support/runs.ts';

const pod = killPlan().steps[0]?.targets[0];

/** A fault whose own effect is only its write, with a check that turned; nobody saw the service down. */
const turned = (expression: string, name = pod?.name ?? '') =>
  altered(
    killCoredns({
      down: [],
      undo: 'object/put-back',
      plan: {
        ...service('possible'),
        checks: [
          {
            name: 'as many pods as were killed, new and ready',
            uses: 'kubernetes/object',
            with: {apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system', name},
            expect: expression,
            states: {before: 'pass', broken: 'fail', after: 'pass'},
          },
        ],
      },
    }),
    {
      drop: (entry) => entry.type === 'effect.seen',
      add: [
        [
          11_700,
          {
            type: 'check.answered',
            check: 'as many pods as were killed, new and ready',
            moment: 'before',
            answer: 'pass',
            start: 12_690,
            end: 12_699,
          },
        ],
        [12_200, {type: 'effect.seen', path: 'inject.0', seen: true, detail: 'it is as written', ownWrite: true}],
      ],
    },
  );

const told = (expression: string, name?: string) => {
  const {entries, series} = turned(expression, name);
  const model = buildModel(entries, series);
  return {model, page: renderMarkdown(reportPage(model, verdict(model)))};
};
const sentence = 'Nothing shows that anybody noticed the fault: its proof is only that the API server took the write.';

test('a check that reads the very object back proves the write, and is told as that', () => {
  const {model, page} = told('object.data.mode == "normal"');
  expect(verdict(model).verdict).toBe('passed');
  expect(model.account?.faults).toMatchObject([{proof: {by: 'check', ownWrite: true}}]);
  expect(page.split('\n')[0]).toContain(sentence);
  expect(page).toContain(`**${sentence}**`);
  expect(page).toContain('turned, which shows only that the API server took the write');
});

test.each([
  ['what others made of it', 'object.status.phase == "Running"', undefined],
  ['another object', 'object.data.mode == "normal"', 'other'],
])('one that looks at %s proves more', (_, expression, name) => {
  const {model, page} = told(expression, name);
  expect(model.account?.faults[0]?.proof).toEqual({by: 'check', detail: expect.stringContaining('turned')});
  expect(page).not.toContain('Nothing shows that anybody noticed');
});
