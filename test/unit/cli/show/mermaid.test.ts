import {expect, test} from 'vitest';
import {mermaid} from '../../../../src/cli/show/mermaid.ts';
import {drillMachine} from '../../../../src/drill/machine.ts';
import {phases} from '../../../../src/journal/types.ts';

test('draws regions side by side, states within states, and a region’s own events at each of its states', () => {
  const state = (id: string, key: string, more: object = {}) => ({
    id,
    key,
    type: 'atomic',
    states: {},
    transitions: [],
    ...more,
  });
  const root = state('m', 'm', {
    type: 'parallel',
    states: {
      one: state('m.one', 'one', {
        type: 'compound',
        initial: {target: [{id: 'm.one.off'}]},
        transitions: [{eventType: 'END', target: ['m.one.done']}],
        states: {
          off: state('m.one.off', 'off', {
            transitions: [{eventType: 'GO', target: ['#m.one.done'], guard: {type: 'ready'}}],
          }),
          done: state('m.one.done', 'done', {type: 'final'}),
        },
      }),
      two: state('m.two', 'two'),
    },
  });
  expect(mermaid(root)).toBe(`stateDiagram-v2
  state "one" as one {
    [*] --> off
    off --> done: GO [ready]
    off --> done: END
    done --> [*]
  }
  --
`);
});

test('the drill machine shows every phase', () => {
  const drawing = mermaid(drillMachine.definition);
  for (const phase of phases) expect(drawing).toMatch(new RegExp(`\\b${phase} -->`));
});
