import type {ObjectRef} from '../cluster/types.ts';
import type {TouchedField} from './fields/touched.ts';

/**
 * What the drill itself did to the target of an undo by other mutations, so that its own work is not taken for somebody
 * else's. Recoveries that are kept stay: what they made or wrote is not taken back.
 */
export interface OwnWork {
  /**
   * Why nothing is to be done about an object that is gone: it was not there before the drill either, which made it or
   * its namespace. Undefined for others, and while a recovery plays the undo: it wants the object back.
   */
  fixture(ref: ObjectRef): string | undefined;
  /** Who in the drill made the object with the target's name and this UID: a step, a recovery that is kept, an undo. */
  maker(uid: string | undefined): 'step' | 'kept' | 'undo' | undefined;
  /** Whether a recovery that is kept has deleted the object. */
  isRemoved: boolean;
  /** Whether a check has said last that the recovery did not bring back what it should. */
  isDoubted: boolean;
  /** What later recoveries that are kept have written to it. */
  written: readonly TouchedField[];
}

/** What became of the work of a recovery that is kept. */
export interface Standing {
  /** `gone`: nothing of it is left, so that nothing has to be kept. `changed`: somebody else has changed it since. */
  state: 'stays' | 'gone' | 'changed';
  detail: string;
}

/** What an undo leaves otherwise: a note, which to take back would be a disturbance of its own, or what cannot come back. */
export interface Leaving {
  /** Dotted path in the target, `spec.template.metadata.annotations.NAME`, with all that is below it. */
  path: string;
  /** It is not there any more: nothing of the drill's stays in the object. */
  gone?: true;
  /** Why it stays: a sentence without a capital or a full stop, for the report. */
  because: string;
}
