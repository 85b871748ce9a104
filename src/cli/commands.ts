import type {CommandModule} from './define.ts';
import {version} from './version.ts';

interface CommandEntry {
  name: string;
  /** Heading in the help; absent for hidden commands. */
  group?: string;
  summary: string;
  /** Whether the flags that choose a cluster mean something to it. */
  cluster: boolean;
  // The registry does not look at a command's own flags; each module types its own.
  load: () => Promise<CommandModule<never>>;
}

const write = 'Write scenarios:';
const drill = 'Run drills:';
const look = 'Look around:';

/** Every command, in the order of the help. A new one is one file and one entry here. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'validate',
    group: write,
    summary: 'Check scenario files; every problem with its place',
    cluster: false,
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'explain',
    group: write,
    summary: 'Describe a field, an action, a probe, or the machine',
    cluster: false,
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'schema',
    group: write,
    summary: 'Print the JSON Schema of scenario files',
    cluster: false,
    load: async () => (await import('./schema.ts')).schema,
  },
  {
    name: 'plan',
    group: drill,
    summary: 'Show what run would do; changes nothing',
    cluster: true,
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'rbac',
    group: drill,
    summary: 'Print the roles that drills need, and no more',
    cluster: false,
    load: async () => (await import('./rbac.ts')).rbac,
  },
  {
    name: 'run',
    group: drill,
    summary: 'Play drills, measure, undo and report',
    cluster: true,
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'status',
    group: drill,
    summary: 'Say where runs stand, and what is left to take back',
    cluster: false,
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'abort',
    group: drill,
    summary: 'End a run from another terminal: undo and report',
    cluster: true,
    load: async () => (await import('./abort.ts')).abort,
  },
  {
    name: 'rollback',
    group: drill,
    summary: 'Take back what a crashed or dirty run has left',
    cluster: true,
    load: async () => (await import('./rollback.ts')).rollback,
  },
  {
    name: 'report',
    group: drill,
    summary: 'Render the report of a run again, offline',
    cluster: false,
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'history',
    group: drill,
    summary: 'What the runs say together: trends, overdue drills, open findings',
    cluster: false,
    load: async () => (await import('./history.ts')).history,
  },
  {
    name: 'canary',
    group: look,
    summary: 'Install a resident canary, for losses of hours',
    cluster: true,
    load: async () => (await import('./canary.ts')).canary,
  },
  {
    name: 'practice',
    group: look,
    summary: 'Start the built-in simulated cluster',
    cluster: false,
    load: async () => (await import('./practice.ts')).practice,
  },
  {
    name: 'doctor',
    group: look,
    summary: 'Check whether drills can run from here',
    cluster: true,
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'version',
    group: look,
    summary: 'Print the version',
    cluster: false,
    // So small that to load it apart would take longer than to have it.
    load: async () => version,
  },
  {
    name: 'prober',
    summary: 'Sample inside a cluster; what the prober pod runs',
    cluster: false,
    load: async () => (await import('./prober.ts')).prober,
  },
];
