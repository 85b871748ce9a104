import {isAway, isClusterError} from '../../cluster/errors.ts';
import {type ListedKind, listKinds} from '../../cluster/kinds.ts';
import {groupOf} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject, ObjectRef} from '../../cluster/types.ts';
import {messageOf} from '../../io/errors.ts';
import {keyOf, type Note, note} from './note.ts';
import {isWatched} from './rules.ts';

/** What a drill may reach: whole namespaces, and cluster-scoped objects by name. */
export interface Reach {
  namespaces: readonly string[];
  objects: readonly ObjectRef[];
}

/** What was there at one time. */
export interface Look {
  /** By {@link keyOf}. */
  notes: Map<string, Note>;
  /** What could not be looked at, and why: `secrets in shop: forbidden`. */
  unseen: string[];
  /** The same as {@link placeOf} names it, or a whole group version: what was not looked at is not gone. */
  blind: string[];
}

/** Where an object is looked for: by itself when it lies in no namespace. */
export const placeOf = ({
  apiVersion,
  kind,
  namespace,
  name,
}: Pick<Note, 'apiVersion' | 'kind' | 'namespace' | 'name'>) => `${apiVersion} ${kind} ${namespace ?? `/${name}`}`;

interface Looking {
  reader: ClusterReader;
  reach: Reach;
  /** Of the run; see {@link note}. */
  key: Uint8Array;
  signal: AbortSignal;
}

/** Lists under way at once: the API server's own limits are for many users. */
const atOnce = 8;
/** Objects beyond which no more are noted: a drill that reaches further says so. */
const most = 50_000;

/**
 * Notes everything in reach that this user may list. Never rejects for what cannot be seen: that is named. Rejects with
 * the signal's reason, and with a ClusterError when the API server does not even say what kinds it has.
 */
export async function lookAround({reader, reach, key, signal}: Looking): Promise<Look> {
  const notes = new Map<string, Note>();
  const unseen: string[] = [];
  const blind: string[] = [];
  const miss = (place: Parameters<typeof placeOf>[0], what: string, why: string) => {
    unseen.push(`${what}: ${why}`);
    blind.push(placeOf(place));
  };
  const keep = (object: KubeObject) => {
    if (!isWatched(object)) return;
    const noted = note(object, key);
    notes.set(keyOf(noted), noted);
  };
  const served = await listKinds(reader, {signal});
  const kinds = served.kinds.filter(({namespaced}) => namespaced);
  for (const group of served.silent) {
    unseen.push(`${group}: which kinds it has is not told`);
    blind.push(group);
  }
  const tasks = [
    ...reach.objects.map((ref) => async () => {
      try {
        const {group, resource} = await reader.resource(ref.apiVersion, ref.kind, {signal});
        const {allowed} = await reader.review({verb: 'get', group, resource, name: ref.name}, {signal});
        if (allowed) keep(await twice(() => reader.get(ref, {signal}), signal));
        else miss(ref, `${ref.kind} ${ref.name}`, 'may not be read');
      } catch (error) {
        signal.throwIfAborted();
        if (!isClusterError(error, 'notFound')) miss(ref, `${ref.kind} ${ref.name}`, reasonOf(error));
      }
    }),
    ...(await listings(reader, kinds, {reach, signal})).map(({kind, namespace, allowed}) => async () => {
      const named = `${kind.resource} in ${namespace}`;
      const place = {...kind, namespace, name: ''};
      if (!allowed) miss(place, named, 'may not be listed');
      else if (notes.size >= most) miss(place, named, `more than ${most} objects are in reach`);
      else {
        try {
          for (const object of await twice(() => reader.list({...kind, namespace}, {signal}), signal)) keep(object);
        } catch (error) {
          signal.throwIfAborted();
          if (!isClusterError(error, 'notFound')) miss(place, named, reasonOf(error));
        }
      }
    }),
  ];
  await Promise.all(
    Array.from({length: atOnce}, async () => {
      for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) await task();
    }),
  );
  return {notes, unseen: unseen.sort(), blind};
}

/** Asks again where no API server has answered: there is one look before the first change, and it cannot be made later. */
const twice = <T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> =>
  ask().catch((error: unknown) => {
    if (signal.aborted || !isAway(error)) throw error;
    return ask();
  });

interface Listing {
  kind: ListedKind;
  namespace: string;
  allowed: boolean;
}

/** Asked before, as a refusal would stand in the API server's audit log. Who may list everything is asked once. */
async function listings(
  reader: ClusterReader,
  kinds: readonly ListedKind[],
  {reach, signal}: Pick<Looking, 'reach' | 'signal'>,
): Promise<Listing[]> {
  const may = async (namespace: string, group: string, resource: string) =>
    (await reader.review({verb: 'list', group, resource, namespace}, {signal}).catch(() => ({allowed: false}))).allowed;
  const lists = await Promise.all(
    reach.namespaces.map(async (namespace) => {
      const all = await may(namespace, '*', '*');
      return await Promise.all(
        kinds.map(async (kind) => ({
          kind,
          namespace,
          allowed: all || (await may(namespace, groupOf(kind.apiVersion), kind.resource)),
        })),
      );
    }),
  );
  return lists.flat();
}

const reasonOf = (error: unknown): string => (isClusterError(error) ? error.detail : messageOf(error));
