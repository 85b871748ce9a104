import {describe, expect, test} from 'vitest';
import {renderChart} from '../../../src/report/chart/index.ts';
import {buildModel} from '../../../src/report/index.ts';
import {type KillOptions, killCoredns, killPlan, refusedRun} from '../../support/runs.ts';

const draw = (options: KillOptions = {}) => {
  const {entries, series} = killCoredns(options);
  return renderChart(buildModel(entries, series)) ?? '';
};
const rects = (svg: string, state: string) =>
  [...svg.matchAll(new RegExp(`<rect class="kd-${state}" x="([\\d.]+)" y="([\\d.]+)" width="([\\d.]+)"`, 'g'))].map(
    ([, x, y, width]) => ({x: Number(x), y: Number(y), width: Number(width)}),
  );
const target = (ms: number) => ({
  plan: {objectives: [{metric: 'rto' as const, target: ms, of: 'dns', from: 'impact' as const, source: 'policy'}]},
});

describe('the chart', () => {
  test('is the same on every rendering', () => {
    expect(draw()).toBe(draw());
  });

  test('has one rect for each run of equal samples', () => {
    const legend = 1;
    const svg = draw({down: [[12_300, 13_500]]});
    expect(rects(svg, 'ok')).toHaveLength(legend + 4);
    expect(rects(svg, 'bad')).toHaveLength(legend + 2);
    const flapping = draw({
      down: [
        [12_300, 13_500],
        [15_000, 16_000],
      ],
    });
    expect(rects(flapping, 'bad')).toHaveLength(legend + 4);
  });

  test('draws an outage as long as it was', () => {
    const [udp] = rects(draw({down: [[12_300, 14_300]]}), 'bad');
    const [twice] = rects(draw({down: [[12_300, 16_300]]}), 'bad');
    const svg = draw({down: [[12_300, 14_300]]});
    const second = secondIn(svg);
    expect(udp?.width).toBeGreaterThan(1.7 * second);
    expect(udp?.width).toBeLessThan(2.3 * second);
    expect(twice).toBeDefined();
  });

  test('has a line at the target where there is room, else a remark', () => {
    expect(draw(target(5000))).toMatch(/class="kd-target" x1="[\d.]+"/);
    expect(draw(target(5000))).toContain('>target 5 s of dns<');
    const far = draw(target(3_600_000));
    expect(far).not.toContain('class="kd-target"');
    expect(far).toContain('>target 60 min of dns: beyond this chart<');
  });

  test('puts the target where its objective counts from', () => {
    const svg = draw(target(4000));
    const line = Number(/class="kd-target" x1="([\d.]+)"/.exec(svg)?.[1]);
    const impact = Number(rects(svg, 'bad')[0]?.x);
    expect(line - impact).toBeGreaterThan(3.6 * secondIn(svg));
    expect(line - impact).toBeLessThan(4.4 * secondIn(svg));
  });

  test('is light, and dark where the reader prefers it, and loads nothing', () => {
    expect(draw()).toContain('@media (prefers-color-scheme:dark)');
    expect(draw().replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|<image|<script/);
  });

  test('gathers names of instants that are too near to each other', () => {
    const {entries, series} = killCoredns({
      late: (maker) => maker.add(13_000, {type: 'mark', name: 'declared', by: 'ada'}),
      down: [[12_020, 13_500]],
    });
    expect(renderChart(buildModel(entries, series))).toMatch(/>t0, t1</);
  });

  test('is left out where nothing was sampled', () => {
    const {entries, series} = refusedRun();
    expect(renderChart(buildModel(entries, series))).toBeUndefined();
  });

  test('shows samples that nobody took as a hole', () => {
    const {entries, series} = killCoredns({plan: killPlan()});
    const [file = '', samples = []] = [...series][0] ?? [];
    const holed = new Map(series).set(
      file,
      samples.filter(({start}) => start < 15_000 || start > 16_500),
    );
    const svg = renderChart(buildModel(entries, holed)) ?? '';
    const [, second, third] = rects(svg, 'ok').filter(({y}) => y < 70);
    if (!second || !third) throw new Error('the hole was filled');
    expect(third.x - (second.x + second.width)).toBeGreaterThan(1.2 * secondIn(svg));
  });
});

/** Pixels of a second, by the axis. */
function secondIn(svg: string): number {
  const ticks = [...svg.matchAll(/x="([\d.]+)" y="[\d.]+" text-anchor="middle">(−?\d+) s</g)].map(([, x, label]) => ({
    x: Number(x),
    label: Number(label?.replace('−', '-')),
  }));
  const [first, second] = ticks;
  if (!first || !second) throw new Error('the chart has no axis');
  return (second.x - first.x) / (second.label - first.label);
}
