import type {ReportModel, SampleRun, SeriesReport} from '../types.ts';
import {escapeXml} from '../xml.ts';
import {gathered, type Layout, layoutOf, size} from './layout.ts';
import {chartStyle} from './style.ts';

/** Height of a stretch and its distance from the top of its row: bad fills the row, ok is a line at its foot. */
const bars: Readonly<Record<SampleRun['state'], {y: number; height: number}>> = {
  ok: {y: 13, height: 5},
  blind: {y: 8, height: 10},
  bad: {y: 2, height: 16},
};

/**
 * The chart as SVG: a strip for every series, the phases above, instants and targets as lines, seconds from the fault
 * below. Undefined when nothing was sampled. The same model gives the same bytes.
 */
export function renderChart(model: ReportModel): string | undefined {
  const layout = layoutOf(model);
  if (!layout) return undefined;
  const bottom = size.top + model.series.length * size.row;
  const height = bottom + size.axis + layout.remarks.length * 16 + 20;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="kd-chart" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" role="img" aria-labelledby="kd-title">`,
    `<title id="kd-title">${escapeXml(`Samples of ${model.run?.run.id ?? 'a run'}, in seconds from t0`)}</title>`,
    `<style>${chartStyle}</style>`,
    `<rect class="kd-paper" width="${size.width}" height="${height}"/>`,
    ...phases(model, layout),
    ...axis(layout, bottom),
    ...model.series.flatMap((series, index) => strip(series, index, layout)),
    ...lines(layout, bottom),
    ...names(layout, bottom),
    ...layout.remarks.map((remark, index) => label(size.labels, bottom + 36 + index * 16, remark, 'kd-target-label')),
    legend(height - 10),
    '</svg>',
    '',
  ].join('\n');
}

const label = (x: number, y: number, text: string, style = 'kd-small', anchor = 'start'): string =>
  `<text class="${style}" x="${x}" y="${y}" text-anchor="${anchor}">${escapeXml(text)}</text>`;

function phases({phases: all}: ReportModel, {x, from, until}: Layout): string[] {
  return all.flatMap(({phase, start, end}) => {
    if (end <= from || start >= until) return [];
    const [left, right] = [x(start), x(end)];
    const width = Math.round((right - left) * 100) / 100;
    const name = width > phase.length * 7 ? label(left + 4, 20, phase) : '';
    return [
      `<rect class="kd-band" x="${left}" y="6" width="${width}" height="20"><title>${phase}</title></rect>${name}`,
    ];
  });
}

function axis({ticks, x}: Layout, bottom: number): string[] {
  return ticks.map(
    ({at, label: text}) =>
      `<line class="kd-grid" x1="${x(at)}" x2="${x(at)}" y1="${size.top}" y2="${bottom}"/>${label(x(at), bottom + 16, text, 'kd-small', 'middle')}`,
  );
}

/** One rect for each stretch of equal samples. */
function strip({name, runs}: SeriesReport, index: number, {x, from, until}: Layout): string[] {
  const top = size.top + index * size.row;
  const bar = ({state, from: start, until: end}: SampleRun) => {
    // A single short sample would be thinner than a line.
    const width = Math.max(1, Math.round((x(end) - x(start)) * 100) / 100);
    const {y, height} = bars[state];
    return `<rect class="kd-${state}" x="${x(start)}" y="${top + y}" width="${width}" height="${height}"/>`;
  };
  const shown = runs.filter((run) => run.until > from && run.from < until);
  const short = name.length > 30 ? `${name.slice(0, 29)}…` : name;
  return [
    `<g id="kd-strip-${index}"><title>${escapeXml(name)}</title>`,
    label(size.labels - 10, top + 15, short, 'kd-name', 'end'),
    ...shown.map(bar),
    '</g>',
  ];
}

function lines({marks, x}: Layout, bottom: number): string[] {
  return marks.map(({at, kind}, index) => {
    const [top, end] = kind === 'target' ? [size.top - 4, bottom + 4] : [28, bottom + 4];
    return `<line id="kd-mark-${index}" class="kd-${kind}" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${end}"/>`;
  });
}

/** Names of instants above the strips, targets below the axis. */
function names({marks, x}: Layout, bottom: number): string[] {
  const instants = gathered(
    marks.filter(({kind}) => kind === 'instant'),
    x,
  );
  const targets = marks.filter(({kind}) => kind === 'target');
  return [
    ...instants.map(({at, label: text}) => label(x(at) + 3, 40, text)),
    ...targets.map(({at, label: text}) => label(x(at) - 3, bottom + 32, text, 'kd-target-label', 'end')),
  ];
}

function legend(y: number): string {
  const items = (['ok', 'bad', 'blind'] as const).map((state, index) => {
    const left = size.labels + index * 130;
    const words = {ok: 'ok', bad: 'bad', blind: 'blind: could not ask'}[state];
    return `<rect class="kd-${state}" x="${left}" y="${y - 10}" width="12" height="10"/>${label(left + 18, y, words)}`;
  });
  return `<g id="kd-legend">${items.join('')}${label(size.labels + 430, y, 'seconds from t0')}</g>`;
}
