import type {Readable} from 'node:stream';

/** One backup object in a store. */
export interface StoredObject {
  name: string;
  /** Bytes. */
  size: number;
  /** UTC; when the store took it, which says nothing about when the backup was made. */
  storedAt: Date;
}

/** Where backups lie, by the names that the config gives. Reads only. */
export interface Stores {
  /** Complete objects, all pages. */
  list(store: string, prefix: string, signal: AbortSignal): Promise<StoredObject[]>;
  get(store: string, name: string, signal: AbortSignal): Promise<Readable>;
}

/** Changes a store. Reached only inside `ctx.mutate`. */
export interface StoresWriter {
  /** Writes an object that is not there yet; rejects where one of its name is. */
  put(store: string, name: string, content: Readable, signal: AbortSignal): Promise<{size: number; sha256: string}>;
  remove(store: string, name: string, signal: AbortSignal): Promise<void>;
}
