import {describe, expect, it} from 'vitest';
import {getSimplePaths} from 'xstate/graph';
import {noVault, uncritical} from '../../../src/drill/contexts.ts';
import {type Activity, initialDeadlines} from '../../../src/drill/lifecycle.ts';
import {
  createActor,
  type DrillEvent,
  type DrillSnapshot,
  drillMachine,
  fromPromise,
} from '../../../src/drill/machine.ts';
import {createMutate} from '../../../src/drill/mutate.ts';
import {undoAll} from '../../../src/drill/undo/undo.ts';
import {systemClock} from '../../../src/io/clock.ts';
import {silentLog} from '../../../src/io/log.ts';
import {createRedactor} from '../../../src/io/redact.ts';
import {parseJournal} from '../../../src/journal/read.ts';
import {mutationsOf} from '../../../src/journal/recover.ts';
import type {Role} from '../../../src/journal/types.ts';
import {createMemoryCluster} from '../../support/memory-cluster.ts';
import {createMemoryJournal} from '../../support/memory-journal.ts';

/** Two steps in inject, one in prepare and recover: enough to meet "first of several", "last" and "only". */
const deadlines = {...initialDeadlines, prepare: [1000], inject: [1000, 1000], recover: [1000]};
const forward = [
  'preflight',
  'lock',
  'prepare',
  'probers',
  'steady',
  'gate',
  'inject',
  'effect',
  'recover',
  'verify',
] as const;
const mayRefuse = ['preflight', 'lock', 'probers', 'steady', 'gate'];
const roles: Partial<Record<Activity, Role>> = {
  lock: 'fixture',
  prepare: 'fixture',
  probers: 'fixture',
  inject: 'fault',
  recover: 'recovery',
};

const done = (activity: string, output?: unknown) => ({type: `xstate.done.actor.${activity}`, output});
const failed = (activity: string) => ({type: `xstate.error.actor.${activity}`, error: new Error('it failed')});
const abort: DrillEvent = {type: 'ABORT', stop: {cause: 'signal', detail: 'SIGINT'}};
const events = [
  ...forward.flatMap((activity) => [
    done(activity, {refused: false, deadlines}),
    ...(mayRefuse.includes(activity) ? [done(activity, {refused: true, deadlines})] : []),
    failed(activity),
    {type: `xstate.after.deadline.drill.lifecycle.${activity}.running`},
    {type: `xstate.after.grace.drill.lifecycle.${activity}.stopping`},
  ]),
  ...['undo', 'report'].flatMap((activity) => [done(activity), failed(activity)]),
  abort,
  {type: 'xstate.after.run.drill.watchdog.watching'},
];

const paths = getSimplePaths(drillMachine, {
  input: {startAt: 'preflight'},
  events: events as DrillEvent[],
  serializeState: ({value, context}) =>
    JSON.stringify([value, context.cursor, context.stop?.cause ?? null, context.lost]),
  toState: ({status}) => status === 'done',
});

/** A promise that the path settles. */
const gate = () => Promise.withResolvers<unknown>();

/** Plays one path with real actors, a real journal and real undos; every state on the way must be the path's. */
async function replay(steps: readonly {event: {type: string}; state: DrillSnapshot}[]) {
  const {journal, text} = createMemoryJournal();
  const cluster = createMemoryCluster();
  const run = {id: 'r', label: 'aaaabbbbcccc', fieldManager: 'kubedrill'} as const;
  let mutations = 0;
  let reports = 0;
  let current = gate();
  const next = () => {
    current = gate();
    return current;
  };

  const activity = (name: Activity) =>
    fromPromise(async ({input}: {input: {index: number}}) => {
      const own = next();
      const role = roles[name];
      const path = `${name}.${input.index}`;
      if (role !== undefined) {
        const mutate = createMutate<never>({
          journal,
          writer: {cluster: cluster.writer},
          nextId: () => `m${++mutations}`,
          role,
          phase: role === 'fixture' ? 'prepare' : role === 'fault' ? 'inject' : 'recover',
          step: path,
          redactor: createRedactor(),
          vault: noVault,
          signal: new AbortController().signal,
        });
        const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: path.replace('.', '-')};
        const labels = {'kubedrill.dev/run': run.label};
        const object = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {namespace: 'a', name: target.name, labels}};
        await mutate({undo: {kind: 'object/remove', data: {}}, target}, (write) => write.cluster.create(object));
      }
      try {
        const output = await own.promise;
        if (role !== undefined) await journal.append({type: 'step.ended', path, outcome: 'done'});
        return output;
      } catch (error) {
        if (role !== undefined) await journal.append({type: 'step.ended', path, outcome: 'failed'});
        throw error;
      }
    });
  const actors = Object.fromEntries(forward.map((name) => [name, activity(name)]));
  const machine = drillMachine.provide({
    actors: {
      ...actors,
      undo: fromPromise(async () => {
        const own = next();
        const vault = {
          put: () => Promise.reject(new Error('no vault')),
          get: () => Promise.reject(new Error('no vault')),
        };
        const surroundings = {
          clock: systemClock,
          log: silentLog,
          connection: cluster,
          means: {},
          vault,
          run,
          critical: uncritical,
        };
        await undoAll({journal, surroundings, deadline: 1000}, 'undo');
        await own.promise;
      }),
      report: fromPromise(async () => {
        const own = next();
        reports += 1;
        await own.promise;
      }),
    } as never,
  });
  const actor = createActor(machine, {input: {startAt: 'preflight'}});
  // A rejected activity is the path's own doing; the machine takes it, and must not leave it unhandled.
  actor.subscribe({error: () => undefined});
  actor.start();
  await settle();
  for (const {event, state} of steps.slice(1)) {
    if (event.type.startsWith('xstate.done.actor')) current.resolve((event as {output?: unknown}).output);
    else if (event.type.startsWith('xstate.error.actor')) current.reject(new Error('it failed'));
    else actor.send(event as DrillEvent);
    await settle();
    expect(actor.getSnapshot().value, event.type).toEqual(state.value);
  }
  return {actor, cluster, reports, entries: parseJournal(text(), 'journal.jsonl').entries};
}

/** Lets every promise that is ready run on; activities wait for nothing but the gate. */
async function settle() {
  for (let round = 0; round < 40; round += 1) await Promise.resolve();
  await new Promise(setImmediate);
}

/** A machine that gets as far as `inject` by itself. */
function waitingInInject(work: Promise<unknown>) {
  const answer = fromPromise(async () => ({refused: false, deadlines}));
  const actors = Object.fromEntries(forward.map((name) => [name, answer]));
  const machine = drillMachine.provide({
    actors: {...actors, inject: fromPromise(() => work), undo: answer, report: answer} as never,
  });
  return createActor(machine, {input: {startAt: 'preflight'}});
}

describe('the drill machine', () => {
  it('has a path for every way out of every activity', () => {
    const ways = new Set(paths.flatMap(({steps}) => steps.map(({event}) => event.type)));
    for (const name of forward) {
      expect(ways).toContain(`xstate.error.actor.${name}`);
      expect(ways).toContain(`xstate.after.deadline.drill.lifecycle.${name}.running`);
      expect(ways).toContain(`xstate.after.grace.drill.lifecycle.${name}.stopping`);
    }
    expect(paths.length).toBeGreaterThan(500);
  });

  it('keeps its invariants on every simple path, replayed with a real journal and real undos', {
    timeout: 120_000,
  }, async () => {
    for (const path of paths) {
      const way = path.steps.map(({event}) => event.type).join(' > ');
      const {actor, cluster, reports, entries} = await replay(path.steps as never);
      expect(actor.getSnapshot().status, way).toBe('done');
      expect(reports, way).toBe(1);
      const mutations = mutationsOf(entries);
      for (const {id, role, undone, stepOutcome} of mutations) {
        const kept = role === 'recovery' && stepOutcome === 'done';
        expect(undone, `${way}: ${id} (${role})`).toBe(kept ? 'kept' : 'undone');
      }
      const left = mutations.filter(({undone}) => undone === 'kept').length;
      expect(cluster.objects.size, way).toBe(left);
    }
  });

  it('injects nothing after any refusal', () => {
    for (const {steps} of paths) {
      const refused = steps.findIndex(({event}) => (event as {output?: {refused?: boolean}}).output?.refused === true);
      if (refused === -1) continue;
      const later = steps.slice(refused).map(({state}) => JSON.stringify(state.value));
      expect(later.some((value) => /inject|effect|recover|verify/.test(value))).toBe(false);
    }
  });

  it('goes to undo from everything after preflight', () => {
    for (const {steps} of paths) {
      const values = steps.map(({state}) => JSON.stringify(state.value));
      if (values.some((value) => value.includes('"lock"')))
        expect(values.some((value) => value.includes('undo'))).toBe(true);
    }
  });

  it('gives an aborted step up only when no work goes on that must not be cut off half-way', async () => {
    const work = gate();
    const actor = waitingInInject(work.promise);
    const inject = () => (actor.getSnapshot().value as {lifecycle: {inject?: string}}).lifecycle.inject;
    const graceOver = {type: 'xstate.after.grace.drill.lifecycle.inject.stopping'} as unknown as DrillEvent;
    actor.start();
    await settle();
    actor.send({type: 'HOLD'});
    actor.send({type: 'HOLD'});
    actor.send(abort);
    expect(inject()).toBe('stopping');
    actor.send(graceOver);
    expect(inject()).toBe('held');
    actor.send({type: 'RELEASE'});
    expect(inject()).toBe('held');
    actor.send({type: 'RELEASE'});
    expect(inject()).toBe('stopping');
    actor.send(graceOver);
    await settle();
    expect(actor.getSnapshot()).toMatchObject({status: 'done', context: {lost: true, held: 0}});
  });

  it('goes to undo as soon as held work settles', async () => {
    const work = gate();
    const actor = waitingInInject(work.promise);
    actor.start();
    await settle();
    actor.send({type: 'HOLD'});
    actor.send(abort);
    actor.send({type: 'xstate.after.grace.drill.lifecycle.inject.stopping'} as unknown as DrillEvent);
    work.resolve(undefined);
    await settle();
    expect(actor.getSnapshot()).toMatchObject({status: 'done', context: {lost: false}});
  });
});
