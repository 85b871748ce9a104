import type {Sample} from '../../src/io/sample.ts';
import type {JournalEntry} from '../../src/journal/types.ts';
import type {MadeRun} from './runs.ts';

/** What somebody who may name objects in a cluster could try on whoever reads the report. */
const hostile = [
  '<img src=x onerror=alert(1)>',
  '</text></svg><script>alert(2)</script>',
  ']]><!--',
  '"><a href="javascript:alert(3)">',
  '|`x`',
  '\n# PASSED\n```\n',
  '[click](javascript:1)',
  '\u001b[2J\u0000\u202e\ufffe\ud800',
  ':a;b#c,d',
].join('');

/** Members that are no text from outside: enumerations, ids, file names, what hashes and figures are made of. */
const own = new Set([
  ...['type', 'phase', 'role', 'state', 'outcome', 'form', 'verdict', 'cleanup', 'moment', 'answer', 'applied'],
  ...[
    'path',
    'file',
    'mutation',
    'step',
    'at',
    'sha256',
    'outage',
    'by',
    'before',
    'broken',
    'after',
    'metric',
    'from',
  ],
  ...['clock', 'series', 'probe', 'up', 'of', 'uses', 'check', 'due', 'status'],
]);

/** The run with hostile text in every place where text may come from outside. */
export function poisoned({entries, series}: MadeRun): MadeRun {
  const visit = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return own.has(key) ? value : `${value}${hostile}`;
    if (Array.isArray(value)) return value.map((item) => visit(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, visit(member, name)]));
  };
  const named = (entry: JournalEntry) => visit(entry, '') as JournalEntry;
  const samples = (all: readonly Sample[]) =>
    all.map((one) => (one.detail === undefined ? one : {...one, detail: `${one.detail}${hostile}`}));
  return {
    // Names that tie entries together get the same suffix everywhere.
    entries: entries.map((entry) => renamed(named(entry))),
    series: new Map([...series].map(([file, all]) => [file, samples(all)])),
  };
}

/** Probes, services and series of the run, and the check, under names that are hostile as well. */
function renamed(entry: JournalEntry): JournalEntry {
  const suffix = (name: string) => `${name}${hostile}`;
  switch (entry.type) {
    case 'series.opened':
      return {...entry, series: suffix(entry.series), probe: suffix(entry.probe)};
    case 'control.answered':
      return {...entry, series: suffix(entry.series)};
    case 'check.answered':
      return {...entry, check: suffix(entry.check)};
    case 'plan.made': {
      const {services, objectives} = entry.plan;
      return {
        ...entry,
        plan: {
          ...entry.plan,
          services: services.map((service) => ({...service, up: service.up.map(suffix)})),
          objectives: objectives.map((one) => ({...one, ...(one.of === undefined ? {} : {of: suffix(one.of)})})),
        },
      };
    }
    default:
      return entry;
  }
}
