import type {Target} from '../io/target.ts';

/** In what the cluster is not as it was before the drill. */
export interface Difference {
  target: Target;
  change: 'missing' | 'extra' | 'changed';
  /** What differs, as paths; values are never kept. Empty for an object as a whole. */
  paths: string[];
  /** Why this is none of the run's leaving. Absent: nobody knows, and the run is dirty. */
  explained?: string;
  /** What a person can run to look at it or to put it right. */
  command?: string;
}

/** What was there before the first change: notes of it, in the vault. */
export interface WorldNoted {
  type: 'world.noted';
  notes: {file: string; sha256: string};
  objects: number;
  namespaces: string[];
  /** What could not be looked at, and why. */
  unseen: string[];
}

/** What is otherwise once everything has been taken back. The last one counts. */
export interface WorldCompared {
  type: 'world.compared';
  /** Objects that were there before or are there now. */
  objects: number;
  namespaces: string[];
  differences: Difference[];
  unseen: string[];
}
