import {describe, expect, it} from 'vitest';
import {makeJudge} from '../../../../src/drill/prober/judge.ts';
import {compileExpect} from '../../../../src/scenario/expressions/cel.ts';

const judge = (expected: string, empty?: string) =>
  makeJudge({empty: () => empty}, {}, compileExpect(expected), {vars: {want: 2}});

describe('makeJudge', () => {
  it.each([
    ['items.size() == vars.want', {state: 'ok'}],
    ['items.size() == 3', {state: 'bad'}],
    ['object.absent == 1', {state: 'bad', detail: expect.stringMatching(/^missing: /)}],
    ['items + 1 == 2', {state: 'bad', detail: expect.stringMatching(/^expect: /), fault: 'expect'}],
    ['items', {state: 'bad', detail: expect.stringMatching(/^expect: /), fault: 'expect'}],
    ['items.size( ==', {state: 'bad', detail: expect.stringMatching(/^expect: /), fault: 'expect'}],
  ])('judges by %s', (expected, reading) => {
    expect(judge(expected)({items: [1, 2], object: {}})).toEqual(reading);
  });

  it('is not talked out of an empty observation', () => {
    expect(judge('true', 'not found')({items: []})).toEqual({state: 'bad', detail: 'not found'});
  });

  it('lets what was observed win over the scope', () => {
    expect(judge("vars == 'mine'")({vars: 'mine'})).toEqual({state: 'ok'});
  });
});
