import type {UndoDefinition} from '../../actions/define.ts';
import {actions} from '../../actions/index.ts';
import {canaries} from '../../canary/index.ts';
import {lockUndos} from '../lock/undos.ts';

/**
 * Every kind of undo, by the name that undo records carry: those that actions and canaries declare, and those of the
 * lock. Journals of earlier versions name them, so a kind stays with its action for good.
 */
export const undos: Readonly<Record<string, UndoDefinition>> = Object.fromEntries(
  [
    ...[...Object.values(actions), ...Object.values(canaries)].flatMap((definition) => definition.undos),
    ...lockUndos,
  ].map((undo) => [undo.kind, undo]),
);

/** The undo of a kind; undefined for one that this version does not have. */
export const undoOf = (kind: string): UndoDefinition | undefined =>
  Object.hasOwn(undos, kind) ? undos[kind] : undefined;
