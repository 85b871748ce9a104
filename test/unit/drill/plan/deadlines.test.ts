import {describe, expect, it} from 'vitest';
import {allowed, deadlinesOf} from '../../../../src/drill/plan/deadlines.ts';
import type {PlannedStep} from '../../../../src/drill/session.ts';
import type {StepRecord} from '../../../../src/journal/plan.ts';
import type {Spec} from '../../../../src/scenario/index.ts';

const step = (form: StepRecord['form'], timeout: number): PlannedStep => ({
  record: {path: 'recover.0', phase: 'recover', form, timeout, targets: [], cascade: [], undoKinds: []},
  step: {},
  children: [],
});
const spec = {steady: {for: 10_000}, effect: {within: 30_000}, verify: {within: 60_000, stableFor: 1000}} as Spec;

describe('deadlines', () => {
  it.each(['pause', 'waitFor'] as const)('leave a %s room to end by itself', (form) => {
    const {recover} = deadlinesOf(spec, {prepare: [], inject: [], recover: [step(form, 5000)]});
    expect(recover[0]).toBeGreaterThan(5000);
  });

  it('leave a pause among steps at the same time room to end by itself, unless they have a time of their own', () => {
    const inner = [step('pause', 5000), step('uses', 4000)];
    const all: PlannedStep = {...step('parallel', 5000), children: inner};
    const own: PlannedStep = {...all, step: {timeout: 5000}};
    const {recover} = deadlinesOf(spec, {prepare: [], inject: [], recover: [all, own]});
    expect(recover[0]).toBeGreaterThan(5000);
    expect(recover[1]).toBe(5000);
    expect(inner.map(allowed)).toEqual([expect.any(Number), 4000]);
    expect(allowed(inner[0] ?? expect.unreachable())).toBeGreaterThan(5000);
  });

  it('hold an action to exactly its time', () => {
    expect(deadlinesOf(spec, {prepare: [], inject: [step('uses', 7000)], recover: []}).inject).toEqual([7000]);
  });

  it('let the controls take as long as their probes after a steady state that came late', () => {
    const probes = [{name: 'a', every: 1000, timeout: 20_000}] as Spec['probes'];
    const none = {prepare: [], inject: [], recover: []};
    expect(deadlinesOf({...spec, probes}, none).steady - deadlinesOf(spec, none).steady).toBeGreaterThanOrEqual(20_000);
  });

  it('give the run the sum of all its parts', () => {
    const none = deadlinesOf(spec, {prepare: [], inject: [], recover: []});
    const one = deadlinesOf(spec, {prepare: [step('uses', 7000)], inject: [], recover: []});
    expect(one.run - none.run).toBe(7000);
  });
});
