import {describe, expect, test} from 'vitest';
import {actions} from '../../../../src/actions/index.ts';
import type {StepRecord} from '../../../../src/journal/plan.ts';
import {waitingUndos} from '../../../../src/report/account/heals.ts';
import {buildModel} from '../../../../src/report/index.ts';
import {judge, objective} from '../../../support/judged.ts';
import {killCoredns, killPlan, type MadeRun, RunMaker} from '../../../support/runs.ts';

test('the kinds of undo that only wait are those of the registry', () => {
  const all = Object.values(actions).flatMap(({undos}) => undos);
  expect([...waitingUndos].toSorted()).toEqual(
    [...new Set(all.filter(({waits}) => waits).map(({kind}) => kind))].toSorted(),
  );
});

describe('pods that their controller makes again, and a recovery', () => {
  /** Killed at 12 s, down from 12.3 s to 13.6 s; the recovery acts at 13 s. */
  const recovered = (step: Partial<StepRecord>, type: 'disaster' | 'redundancy' = 'disaster'): MadeRun => {
    const [kill] = killPlan().steps;
    const mend = {...kill, path: 'recover.0', phase: 'recover', id: 'mend', targets: [], ...step} as StepRecord;
    const maker = new RunMaker().add(12_950, {type: 'step.started', path: 'recover.0'});
    if (step.form !== 'manual') maker.change(13_000, 'm9', {role: 'recovery', path: 'recover.0'});
    maker.add(13_100, {type: 'step.ended', path: 'recover.0', outcome: 'done'});
    const {entries, series} = killCoredns({
      down: [[12_300, 13_600]],
      plan: {...killPlan(objective(60_000)), type, steps: [...(kill ? [kill] : []), mend]},
    });
    return {entries: [...entries, ...maker.entries].toSorted((a, b) => a.mono - b.mono), series};
  };
  const unknown = 'What was broken comes back by itself: nothing shows that the recovery did it.';

  test.each([
    ['a command', {uses: 'command/run', reversal: 'undoable'}],
    ['a note on an object', {uses: 'object/patch', reversal: 'undoable'}],
    ['a restart', {uses: 'deployment/restart', reversal: 'platform-heals'}],
    ['a person', {form: 'manual', text: 'Look at it', uses: undefined, reversal: undefined}],
  ] as [string, Partial<StepRecord>][])('%s is not what brought them back', (_, step) => {
    const run = recovered(step);
    expect(judge(run)).toMatchObject({verdict: 'inconclusive', reasons: [unknown]});
    const {account} = buildModel(run.entries, run.series);
    expect(account?.faults).toMatchObject([{heals: true}]);
    expect(account?.outages.at(-1)?.endedBy).toBe('either');
  });

  test('in a drill of redundancy neither', () => {
    expect(judge(recovered({uses: 'object/patch', reversal: 'undoable'}, 'redundancy')).reasons).toContain(unknown);
  });

  test('without a recovery it is what the drill is about', () => {
    expect(judge(killCoredns())).toMatchObject({verdict: 'passed'});
  });
});
