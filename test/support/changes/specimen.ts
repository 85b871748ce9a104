import type {Json, JsonObject} from '../../../src/io/json.ts';
import type {Edit, How, Step} from './edits.ts';

/** Something that somebody may do to an object. */
export interface Change {
  edits: readonly Edit[];
  /** The API server makes more of it than stands there: what the object is afterwards is not for the test to say. */
  opaque?: true;
  /** What is taken away or changed has a default, or takes other fields along. */
  defaults?: true;
  /** Ways in which it can be written; else all. */
  only?: readonly How[];
}

/** A kind of object with what may be done to it. */
export interface Specimen {
  apiVersion: string;
  kind: string;
  /** What it is beside its name. */
  body: JsonObject;
  changes: readonly Change[];
  /** Other objects, by the name of this one, that it lives with. */
  along?: (name: string) => JsonObject[];
  /** Has replicas that `deployment/scale` can change: to how many. */
  scale?: number;
  /** It is of a kind that strategic merge patches do not know. */
  custom?: true;
  /** Its status, which no controller writes. */
  status?: JsonObject;
}

/** One field set. */
export const set = (path: readonly Step[], value: Json, more: Omit<Change, 'edits'> = {}): Change => ({
  edits: [{path, value}],
  ...more,
});

/** One field taken away. */
export const unset = (path: readonly Step[], more: Omit<Change, 'edits'> = {}): Change => ({edits: [{path}], ...more});

/** Only where a list is a whole, or an item goes: an apply cannot say it. */
export const patches: Omit<Change, 'edits'> = {only: ['json', 'merge']};

/** What may be done to any object. */
export const common: readonly Change[] = [
  set(['metadata', 'labels', 'team'], 'changed'),
  set(['metadata', 'labels', 'tests.kubedrill.dev/added'], 'new'),
  set(['metadata', 'annotations', 'note'], 'changed\nin two lines'),
  set(['metadata', 'annotations', 'tests.kubedrill.dev/number'], '9007199254740993'),
  unset(['metadata', 'labels', 'stage']),
  unset(['metadata', 'annotations', 'note']),
  unset(['metadata', 'annotations'], {defaults: true, only: ['json', 'merge']}),
];

/** Labels and annotations of every object. */
export const marks: JsonObject = {labels: {team: 'first', stage: 'test'}, annotations: {note: 'as it was'}};
