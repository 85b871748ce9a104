import {describe, expect, test} from 'vitest';
import type {StepRecord} from '../../../../src/journal/plan.ts';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {buildModel} from '../../../../src/report/index.ts';
import {altered, judge, kill, planOf, scaled} from '../../../support/judged.ts';
import type {Schedule} from '../../../support/oracle.ts';
import {killCoredns, killPlan, type MadeRun, scaleToZero} from '../../../support/runs.ts';

const outageOf = ({entries, series}: MadeRun) => buildModel(entries, series).account?.outages.at(-1);

describe('what ended an outage', () => {
  /** The shop is down from 6.4 s on; the undo acts at 6.81 s, and a sample comes every 250 ms. */
  const until = (end: number) => scaled([[6400, end]]);
  /** The same with an action instead of the undo, which acts at 8 s. */
  const applied = (down: Schedule, target = {apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web'}) => {
    const {entries, series} = scaled(down);
    const {steps} = planOf({entries, series});
    const apply = {...steps[0], path: 'recover.1', phase: 'recover', id: 'mend', uses: 'object/apply'} as StepRecord;
    const undo = (path: string | undefined) => path === 'recover.1';
    return altered(
      altered(
        {entries, series},
        {drop: (entry) => entry.type.startsWith('undo.') || ('path' in entry && undo(entry.path))},
      ),
      {
        plan: {steps: [...steps.slice(0, 1), apply]},
        add: [
          [7990, {type: 'step.started', path: 'recover.1'}],
          [
            8000,
            {
              ...{type: 'mutation.intent', mutation: 'm2', role: 'recovery', phase: 'recover', step: 'recover.1'},
              target,
              undo: {kind: 'object/put-back', data: {}},
            },
          ],
          [8010, {type: 'mutation.applied', mutation: 'm2'}],
          [8020, {type: 'step.ended', path: 'recover.1', outcome: 'done'}],
          [24_005, {type: 'undo.ended', mutation: 'm2', state: 'kept'}],
        ],
      },
    );
  };

  test('a bad sample that began after the recovery acted: the recovery', () => {
    expect(outageOf(applied([[6400, 8600]]))?.endedBy).toBe('cure');
    expect(judge(applied([[6400, 8600]])).verdict).toBe('passed');
  });

  test('what may have been over before it acted is not its doing', () => {
    const run = applied([[6400, 7900]]);
    const {ended} = outageOf(run) ?? {};
    // Neither sample says on which side of the first change it was.
    expect(ended?.earliest).toBeLessThan(9000);
    expect(ended?.latest).toBeGreaterThan(9000);
    expect(outageOf(run)?.endedBy).toBe('other');
    expect(judge(run)).toMatchObject({
      verdict: 'inconclusive',
      reasons: [
        'The service shop may have been back before the recovery acted: who brought it back is not known. Sample more often.',
      ],
    });
  });

  test('an apply that wrote what the fault had changed found it still there', () => {
    const deployment = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
    expect(outageOf(applied([[6400, 7900]], deployment))?.endedBy).toBe('cure');
    expect(outageOf(applied([[6400, 7500]], deployment))?.endedBy).toBe('other');
  });

  test('an undo that found the change of the fault still there needs no later one, unless nobody looked', () => {
    // Back at once: the last bad sample is of right before the undo.
    expect(outageOf(until(6850))?.endedBy).toBe('cure');
    // Seen back before it.
    expect(outageOf(scaled([[6050, 6250]]))?.endedBy).toBe('other');
    const {entries, series} = until(6850);
    // 1.5 s later, and no sample since.
    const later = entries.map((entry) => (entry.mono < 7800 ? entry : {...entry, mono: entry.mono + 1500}));
    const blind = [...series].map(([file, all]) => {
      const seen = all.filter(({start, end}) => end < 7800 || start > 9320);
      return [file, seen] as const;
    });
    expect(outageOf({entries: later, series: new Map(blind)})?.endedBy).toBe('other');
    const command = entries.map((entry) =>
      entry.type === 'mutation.intent' ? {...entry, undo: {kind: 'command/undo', data: {}}} : entry,
    );
    expect(outageOf({entries: command, series})?.endedBy).toBe('other');
  });
});

describe('what a step of the form undo took back', () => {
  test('is what the step that it names had changed, not what another undo beside it did', () => {
    const run = scaleToZero();
    const [zero, person, undo] = planOf(run).steps as [StepRecord, StepRecord, StepRecord];
    const other = {...zero, path: 'inject.1', id: 'other'};
    const beside = {...undo, path: 'recover.2', text: 'other'};
    const {entries, series} = altered(run, {
      plan: {steps: [zero, other, person, undo, beside]},
      add: [
        [6811, {type: 'step.started', path: 'recover.2'}],
        [6970, {type: 'step.ended', path: 'recover.2', outcome: 'done'}],
      ],
    });
    const cures = buildModel(entries, series).account?.cures ?? [];
    expect(cures.map(({path, changed}) => [path, changed])).toEqual([
      ['recover.0', false],
      ['recover.1', true],
      ['recover.2', false],
    ]);
  });
});

describe('without a recovery, what one step of inject broke another may have mended', () => {
  const [first] = killPlan().steps as [StepRecord];
  /** The service goes down at 12.3 s by inject.0; inject.1 begins at `at`. */
  const second = (at: number, parts: Partial<StepRecord> = {}, ...more: JournalEvent[]) => {
    const path = 'inject.1';
    const step = {...first, path, id: 'second', uses: 'object/apply', reversal: 'undoable', targets: [], ...parts};
    return altered(killCoredns(), {
      plan: {steps: [first, step as StepRecord]},
      add: [
        [at, {type: 'step.started', path}],
        ...(more.length > 0 ? [[at + 5, ...more] as [number, ...JournalEvent[]]] : []),
        [at + 30, {type: 'step.ended', path, outcome: 'done'}],
        [at + 40, {type: 'effect.seen', path, seen: true, detail: 'as written'}],
      ],
    });
  };
  const change = (mutation: string): JournalEvent => ({
    ...{type: 'mutation.intent', mutation, role: 'fault', phase: 'inject', step: 'inject.1'},
    target: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: mutation},
    undo: {kind: 'object/put-back', data: {}},
  });
  const acted = [
    change('m2'),
    {type: 'mutation.applied', mutation: 'm2'},
    {type: 'undo.ended', mutation: 'm2', state: 'undone'},
  ] satisfies JournalEvent[];

  test('a change while the service was seen down', () => {
    const run = second(13_000, {}, ...acted);
    expect(outageOf(run)?.menders).toEqual(['inject.1']);
    expect(judge(run)).toMatchObject({
      verdict: 'inconclusive',
      reasons: expect.arrayContaining([
        'The service dns was back after inject.1 had acted, and no recovery: that may be what mended it.',
      ]),
    });
  });

  test('a person, and a command that says that it only looks', () => {
    expect(outageOf(second(13_000, {form: 'manual'}))?.menders).toEqual(['inject.1']);
    expect(outageOf(second(13_000, {uses: 'command/run', reversal: 'none-needed'}))?.menders).toEqual(['inject.1']);
  });

  test('not what was done before it was down, after it was back, or changed nothing', () => {
    expect(outageOf(second(12_050, {}, ...acted))?.menders).toBeUndefined();
    expect(outageOf(second(15_000, {}, ...acted))?.menders).toBeUndefined();
    expect(outageOf(second(13_000))?.menders).toBeUndefined();
    expect(outageOf(second(13_000, {form: 'pause'}))?.menders).toBeUndefined();
  });

  test('a check that was red when it acted, and well afterwards', () => {
    const {entries, series} = second(13_000, {}, ...acted);
    expect(buildModel(entries, series).account?.reds[0]?.menders).toEqual(['inject.1']);
    expect(judge({entries, series}).reasons).toContain(
      'The check "as many pods as were killed, new and ready" was well after inject.1 had acted, and no recovery: that may be what mended it.',
    );
  });

  test('one fault alone mends nothing', () => {
    expect(outageOf(killCoredns())?.menders).toBeUndefined();
    expect(kill({}).verdict).toBe('passed');
  });
});
