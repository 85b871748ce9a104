import {describe, expect, test} from 'vitest';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {buildModel, verdict} from '../../../../src/report/index.ts';
import {type KillOptions, killCoredns, killPlan, type MadeRun, type RunMaker} from '../../../support/runs.ts';

const build = ({entries, series}: MadeRun) => buildModel(entries, series);
const at =
  (time: number, ...events: JournalEvent[]) =>
  (maker: RunMaker): unknown =>
    maker.add(time, ...events);
const kill = (options: KillOptions = {}) => build(killCoredns(options));

describe('the record', () => {
  /** The wall clock moves by `ms` after entry number `index`. */
  const jumped = ({entries, series}: MadeRun, ms: number, index = 20): MadeRun => ({
    entries: entries.map((entry, number) =>
      number < index ? entry : {...entry, at: new Date(Date.parse(entry.at) + ms).toISOString()},
    ),
    series,
  });

  test('a wall clock that is put back is named and changes no figure', () => {
    const run = killCoredns();
    const model = build(jumped(run, -3_600_000));
    expect(model.damage).toEqual([
      "the runner's wall clock moved by -3600 s; stamps may be off, durations do not depend on it",
    ]);
    expect(model.objectives).toEqual(build(run).objectives);
    expect(model.timeline).toEqual(build(run).timeline);
    expect(verdict(model).verdict).toBe('passed');
  });

  test('a wall clock that goes ahead after the fault may be a machine that slept', () => {
    const model = build(jumped(killCoredns(), 3_600_000));
    expect(model.damage).toEqual([
      "the runner's wall clock moved by 3600 s; stamps may be off, and durations up to 3600 s too short if the machine slept",
    ]);
    expect(verdict(model)).toMatchObject({
      verdict: 'inconclusive',
      reasons: [
        "The runner's wall clock moved forward by 60 min after the fault: if the machine slept, every duration is too short by as much.",
      ],
    });
  });

  test('a step back does not hide a sleep after it', () => {
    const model = build(jumped(jumped(killCoredns(), -7_200_000), 3_600_000, 25));
    expect(model.wallForward).toBe(3_600_000);
    expect(model.damage).toEqual([
      "the runner's wall clock moved by -7200 s; stamps may be off, and durations up to 3600 s too short if the machine slept",
    ]);
    expect(verdict(model).verdict).toBe('inconclusive');
  });

  test('a sleep before the fault is in no figure', () => {
    const model = build(jumped(killCoredns(), 3_600_000, 10));
    expect(model.wallForward).toBeUndefined();
    expect(verdict(model).verdict).toBe('passed');
  });

  test('a sleep for which every target has room leaves the pass, and is named', () => {
    // 1.8 s at most, 15 s to be stable, and a target of 60 s.
    expect(verdict(build(jumped(killCoredns(), 40_000))).verdict).toBe('passed');
    expect(build(jumped(killCoredns(), 40_000)).damage).toHaveLength(1);
    expect(verdict(build(jumped(killCoredns(), 44_000))).verdict).toBe('inconclusive');
  });

  test('nobody watched in that time what must not go down at all', () => {
    const services = killPlan().services.map((one) => ({...one, outage: 'none' as const}));
    const run = killCoredns({down: [], plan: {type: 'redundancy', services, objectives: []}});
    expect(verdict(build(run)).verdict).toBe('passed');
    expect(verdict(build(jumped(run, 5000))).verdict).toBe('inconclusive');
  });

  test('a miss is a miss, however long the machine slept', () => {
    const objectives = [{metric: 'rto', target: 500, of: 'dns', from: 'impact', source: 'policy'}] as const;
    expect(verdict(build(jumped(killCoredns({plan: {objectives: [...objectives]}}), 3_600_000))).verdict).toBe(
      'failed',
    );
  });

  test('lost samples are named', () => {
    const gap = {type: 'series.gap', series: 'dnsUdp', fromSeq: 3, toSeq: 9, reason: 'the log was rotated'} as const;
    expect(kill({late: at(29_000, gap)}).damage).toEqual(['samples 3 to 9 of dnsUdp are lost: the log was rotated']);
  });

  test('a series that went on in another process is one series', () => {
    const {entries, series} = killCoredns();
    const [first = [], second = []] = [0, 1].map((part) =>
      (series.get('series/dnsUdp.jsonl') ?? []).filter(({start}) => start < 20_000 === (part === 0)),
    );
    const parts = new Map(series).set('series/dnsUdp.jsonl', first).set(
      'series/dnsUdp~2.jsonl',
      second.map((sample) => ({...sample, start: sample.start - 5000, end: sample.end - 5000})),
    );
    const opened = entries.flatMap((entry) =>
      entry.type === 'series.opened' && entry.series === 'dnsUdp'
        ? [
            entry,
            {...entry, file: 'series/dnsUdp~2.jsonl', clock: 'pod~2'},
            {...entry, type: 'clock.measured' as const, clock: 'pod~2', offset: 5000, error: 1},
          ]
        : [entry],
    );
    const model = build({entries: opened, series: parts});
    expect(model.series.map(({name}) => name)).toEqual(['dnsUdp', 'dnsTcp']);
    expect(model.series[0]?.clocks).toEqual(['runner', 'pod~2']);
    expect(model.services[0]?.assessment?.recovered).toBeDefined();
  });
});
