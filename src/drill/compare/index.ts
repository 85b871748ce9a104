import {randomBytes, randomUUID} from 'node:crypto';
import type {Vault} from '../../actions/define.ts';
import type {Connection, KubeObject} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {messageOf} from '../../io/errors.ts';
import {mutationsOf} from '../../journal/recover.ts';
import type {JournalEntry} from '../../journal/types.ts';
import type {Difference} from '../../journal/world.ts';
import type {Journal} from '../../journal/write.ts';
import {differencesOf, type Found} from './differences.ts';
import {type Circumstances, explain} from './explain.ts';
import {type Look, lookAround, type Reach} from './look.ts';
import {programRuns} from './programs.ts';
import {beyond, merge, packed, unpacked, type World} from './world.ts';

export type {Reach} from './look.ts';
export {reachOf} from './reach.ts';
export type {World} from './world.ts';

/** Milliseconds for one look, and for controllers to come to rest, unless the caller says otherwise. */
const lookWithin = 30_000;
const usualRest = 30_000;
/** Milliseconds between two looks meanwhile. */
const again = 500;

interface Comparing {
  connection: Pick<Connection, 'reader'>;
  journal: Journal;
  vault: Vault;
  clock: Clock;
  /** Milliseconds for controllers to come to rest once everything is taken back. */
  restWithin?: number | undefined;
}

/**
 * Notes what is in reach before the first change, in memory and in the vault, where a rollback finds it. Never rejects:
 * where nothing could be noted the run goes on, and can say no more than its undos.
 */
export async function noteWorld(comparing: Comparing, reach: Reach): Promise<World | undefined> {
  const world: World = {
    ...{since: comparing.clock.wall().getTime(), key: randomBytes(32), reach: {namespaces: [], objects: []}},
    ...{notes: new Map(), unseen: [], blind: []},
  };
  return (await widen(comparing, world, reach)) ? world : undefined;
}

/**
 * Notes what a step reaches beyond what was known before: its targets were found only now. Right before it acts, so that
 * this is how it was before the step. Resolves with whether all of it could be noted; never rejects.
 */
export async function widen(
  {connection, journal, vault, clock}: Comparing,
  world: World,
  reach: Reach,
): Promise<boolean> {
  const more = beyond(world.reach, reach);
  const isFirst = world.reach.namespaces.length + world.reach.objects.length === 0;
  if (!isFirst && more.namespaces.length + more.objects.length === 0) return true;
  try {
    const {since: begun, key} = world;
    const since = isFirst ? begun : clock.wall().getTime();
    const look = await lookAround({...connection, reach: more, key, signal: AbortSignal.timeout(lookWithin)});
    const notes = await vault.put(`world-${randomUUID()}.json.gz`, packed({since, key, reach: more, ...look}));
    merge(world, {reach: more, ...look});
    const {unseen} = look;
    const [objects, namespaces] = [look.notes.size, [...more.namespaces]];
    await journal.append({type: 'world.noted', notes, objects, namespaces, unseen});
    return true;
  } catch (error) {
    await journal.append({type: 'note', text: `what was there before could not be noted: ${messageOf(error)}`});
    return false;
  }
}

/** The world as a run has noted it, for another process; undefined when it has not, or its notes cannot be read. */
export async function worldOf(entries: readonly JournalEntry[], vault: Vault): Promise<World | undefined> {
  let world: World | undefined;
  for (const entry of entries) {
    if (entry.type !== 'world.noted') continue;
    const content = await vault.get(entry.notes).catch(() => undefined);
    const part = content === undefined ? undefined : unpacked(content);
    if (part === undefined) return undefined;
    if (world === undefined) world = part;
    else merge(world, part);
  }
  return world;
}

/**
 * Compares what is there with what was, until controllers have come to rest, and notes each difference with what
 * explains it. Never rejects: a comparison that fails is told as one that saw nothing.
 */
export async function compareWorld(comparing: Comparing, world: World): Promise<void> {
  const {journal, clock, restWithin = usualRest} = comparing;
  const {reach} = world;
  const deadline = clock.mono() + restWithin;
  try {
    for (;;) {
      const look = await lookAround({
        ...{reader: comparing.connection.reader, reach, key: world.key},
        signal: AbortSignal.timeout(lookWithin),
      });
      const differences = await explained(comparing, world, look);
      const isOpen = differences.some((one) => one.explained === undefined);
      if (isOpen && clock.mono() < deadline) {
        await clock.sleep(again);
        continue;
      }
      const unseen = [...new Set([...world.unseen, ...look.unseen])].sort();
      const objects = new Set([...world.notes.keys(), ...look.notes.keys()]).size;
      await journal.append({
        ...{type: 'world.compared', objects, namespaces: [...reach.namespaces], differences, unseen},
      });
      return;
    }
  } catch (error) {
    const unseen = [...world.unseen, `everything, afterwards: ${messageOf(error)}`];
    await journal
      .append({type: 'world.compared', objects: 0, namespaces: [...reach.namespaces], differences: [], unseen})
      .catch(() => undefined);
  }
}

/** What the drill was to do, as its journal says. */
function planIn(entries: readonly JournalEntry[]): Pick<Circumstances, 'plan'> {
  const made = entries.find((entry) => entry.type === 'plan.made');
  return made === undefined ? {} : {plan: made.plan};
}

async function explained({connection, journal, vault}: Comparing, world: World, look: Look): Promise<Difference[]> {
  const {reader} = connection;
  const circumstances: Circumstances = {
    mutations: mutationsOf(journal.entries),
    ...planIn(journal.entries),
    since: world.since,
    programs: programRuns(journal.entries),
    vault,
    live: async ({target}: Found): Promise<KubeObject | undefined> => reader.get(target).catch(() => undefined),
  };
  return await Promise.all(differencesOf(world, look).map((found) => explain(found, circumstances)));
}
