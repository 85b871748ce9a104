import type {ApiResource, KubeObject, Permission} from '../cluster/types.ts';
import type {JsonObject} from '../io/json.ts';
import type {Target} from '../io/target.ts';

/** Something that no undo returns, of a kind of object. */
export interface PlannedLoss {
  /** As `accept` names it. */
  loss: string;
  of: string;
  /** What it is, for people: a noun phrase or a sentence without a full stop. */
  what?: string;
}

/** An object that will have to be made, to be tried out beforehand. */
export interface Making {
  object: KubeObject;
  /** By the step itself; by its undo, where nobody else does; by a controller in the step's course. */
  by: 'step' | 'undo' | 'controller';
  /** Whose pods they are, or which pod it replaces. */
  of?: KubeObject;
  /** It comes in the place of one that goes. */
  replaces?: boolean;
}

/** What an action is going to do, found by reading alone. */
export interface ActionPlan {
  targets: Target[];
  /** Objects that go with the targets (owned pods, contents of a namespace). */
  cascade?: Target[];
  undoKinds: string[];
  /** Losses that no undo returns; each must be accepted in the scenario. */
  losses?: PlannedLoss[];
  /** Lines for people: what `plan` and the preview print beside the targets. */
  notes?: string[];
  /** What the action turned out to need beyond its `permissions`: kinds that only its files name. */
  permissions?: Permission[];
  /** What it has to make, and what its undo and controllers have to. */
  makes?: Making[];
  /** Kinds that the API server serves once it is done: those of CustomResourceDefinitions. */
  brings?: ApiResource[];
  /** Anything the action wants to find again in `run`. */
  details?: JsonObject;
}
