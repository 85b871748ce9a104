import type {ReportModel} from './types.ts';

/**
 * The run as a Mermaid Gantt diagram: phases, outages of each service, instants. Mermaid reads stamps as local time and
 * prints them as such, so that everybody sees the UTC digits of the tables: the late end of every instant.
 */
export function mermaidTimeline({origin, phases, services, timeline, end}: ReportModel): string {
  const stamp = (mono: number) =>
    new Date(Math.round(Date.parse(origin.at) + mono - origin.mono)).toISOString().slice(0, 23);
  const span = (from: number, until: number) => `${stamp(from)}, ${stamp(Math.max(until, from + 1))}`;
  const lines = phases.map(({phase, start, end: until}) => `  ${phase} :${span(start, until)}`);
  const sections = services.flatMap(({name, assessment}) => {
    const outages = assessment?.outages ?? [];
    if (outages.length === 0) return [];
    const rows = outages.map(({began, ended}) => `  down :crit, ${span(began.latest, ended?.latest ?? end)}`);
    return [`  section ${label(name)}`, ...rows];
  });
  const instants = timeline.flatMap(({name, service, instant}) =>
    instant ? [`  ${label(`${name}${service ? ` ${service}` : ''}`)} :milestone, ${stamp(instant.latest)}, 0ms`] : [],
  );
  return [
    'gantt',
    '  dateFormat YYYY-MM-DDTHH:mm:ss.SSS',
    '  axisFormat %H:%M:%S',
    '  section Phases',
    ...lines,
    ...sections,
    ...(instants.length > 0 ? ['  section Instants', ...instants] : []),
  ].join('\n');
}

/** Names as Mermaid takes them: what means something in its grammar, or is no plain letter, becomes a dash. */
const label = (name: string): string => name.replace(/[^\p{L}\p{N} ._@/-]/gu, '-').slice(0, 60) || '-';
