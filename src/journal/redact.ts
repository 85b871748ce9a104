import type {Redactor} from '../io/redact.ts';
import type {JournalEvent} from './types.ts';

/** Members that hold no outside text, in whatever entry they stand. */
const everywhere = [
  'type',
  'phase',
  'path',
  'id',
  'role',
  'state',
  'mutation',
  'step',
  'kind',
  'moment',
  'guard',
  'check',
];
const ofSeries = ['series', 'probe', 'canary', 'node', 'file', 'clock', 'present'];
const members = (of: string, names: readonly string[]): string[] => names.map((name) => `${of}${name}`);

/**
 * What a journal is put together by: enumerations, ids, names of files and of the scenario's parts, names of objects in
 * the cluster. A secret that happens to read like one of these must not make a run unreadable or its undo impossible.
 * `<entry type>:<path in the entry>`; `*` is any one of them.
 */
const structure: readonly string[] = [
  ...members('*:', [...everywhere, ...ofSeries, 'answer']),
  ...['step.ended:outcome', 'step.ended:error.code', 'mutation.failed:error.code', 'step.started:targets'],
  ...[
    'mark:name',
    'signal:name',
    'stopped:cause',
    'undo.started:by',
    'undo.ended:uid',
    'verdict:verdict',
    'verdict:cleanup',
  ],
  ...members('recoveryPoint.verified:', ['uses', 'takenFrom', 'takenTo']),
  ...members('run.started:', ['run', 'tool', 'git', 'scenario.name', 'scenario.sha256', 'scenario.cadence']),
  'run.resumed:tool',
  ...members('cluster.identified:', ['uid', 'environment', 'environmentSource', 'nodes']),
  // The undo is sealed in the vault where it holds a secret: changed, it would put something else back.
  ...members('mutation.intent:', ['target', 'undo']),
  ...['world.noted:notes', 'world.compared:differences.*.target', 'world.compared:differences.*.change'],
  ...members('past.read:', ['previous', 'earlier', 'findings.*.status']),
  ...members('plan.made:plan.', ['type', 'services', 'vars.*.name', 'vars.*.origin']),
  ...members('plan.made:plan.steps.*.', ['path', 'phase', 'form', 'id', 'uses', 'targets', 'cascade']),
  ...members('plan.made:plan.steps.*.', ['undoKinds', 'reversal']),
  ...members('plan.made:plan.probes.*.', ['name', 'uses', 'from', 'on']),
  ...members('plan.made:plan.canaries.*.', ['name', 'uses']),
  ...members('plan.made:plan.objectives.*.', ['metric', 'of', 'from']),
  ...members('plan.made:plan.checks.*.', ['name', 'uses', 'states', 'control']),
  'plan.made:plan.prove.uses',
];

const pattern = (path: string): string => path.replace(/^\*:/, '[^:]+:').replaceAll('.', '\\.').replaceAll('*', '\\d+');
const kept = new RegExp(`^(?:${structure.map(pattern).join('|')})$`);

/** An event without secrets; what the journal is put together by stays. */
export function redactEvent<Event extends JournalEvent>(event: Event, redactor: Redactor): Event {
  if (!redactor.finds(event)) return event;
  const visit = (value: unknown, path: string): unknown => {
    if (kept.test(path)) return value;
    if (typeof value === 'string') return redactor.text(value);
    if (Array.isArray(value)) return value.map((item, index) => visit(item, `${path}.${index}`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [redactor.text(key), visit(member, `${path}.${key}`)]),
    );
  };
  const parts = Object.entries(event).map(([key, member]) => [key, visit(member, `${event.type}:${key}`)]);
  // The shape stays; only texts change.
  return Object.fromEntries(parts) as Event;
}
