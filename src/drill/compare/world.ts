import {gunzipSync, gzipSync} from 'node:zlib';
import type {ObjectRef} from '../../cluster/types.ts';
import type {Look, Reach} from './look.ts';
import {keyOf, type Note} from './note.ts';

/** What was in reach before the first change. */
export interface World extends Look {
  /** When the look began, by the wall clock (milliseconds since 1970). */
  since: number;
  /** Of the hashes in its notes. */
  key: Uint8Array;
  reach: Reach;
}

/** What of a reach is not in another. */
export function beyond(known: Reach, {namespaces, objects}: Reach): Reach {
  const isKnown = (one: ObjectRef) => known.objects.some(({kind, name}) => kind === one.kind && name === one.name);
  return {
    namespaces: namespaces.filter((name) => !known.namespaces.includes(name)),
    objects: objects.filter((one) => !isKnown(one)),
  };
}

/** Adds what was noted later. */
export function merge(world: World, {reach, notes, unseen, blind}: Omit<World, 'since' | 'key'>): void {
  world.reach = {
    namespaces: [...world.reach.namespaces, ...reach.namespaces].sort(),
    objects: [...world.reach.objects, ...reach.objects],
  };
  for (const [key, one] of notes) if (!world.notes.has(key)) world.notes.set(key, one);
  world.unseen = [...world.unseen, ...unseen];
  world.blind = [...world.blind, ...blind];
}

/** For the vault. */
export function packed({since, key, reach, notes, unseen, blind}: World): Buffer {
  const head = {since, key: Buffer.from(key).toString('base64'), reach, unseen, blind};
  const lines = [head, ...notes.values()].map((one) => JSON.stringify(one));
  return gzipSync(lines.join('\n'));
}

/** The reverse; undefined for what this version cannot read. */
export function unpacked(content: Uint8Array): World | undefined {
  try {
    const [head = '', ...lines] = gunzipSync(content).toString('utf8').split('\n');
    const {since, key, reach, unseen, blind} = JSON.parse(head) as {
      since: number;
      key: string;
      reach: Reach;
      unseen: string[];
      blind: string[];
    };
    const notes = lines.map((line) => JSON.parse(line) as Note);
    return {
      since,
      key: Buffer.from(key, 'base64'),
      reach,
      unseen,
      blind,
      notes: new Map(notes.map((one) => [keyOf(one), one])),
    };
  } catch {
    return undefined;
  }
}
