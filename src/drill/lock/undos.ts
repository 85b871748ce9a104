import type {UndoDefinition} from '../../actions/define.ts';
import {leaseRelease} from './lease-release.ts';
import {lockNamespace} from './lock-namespace.ts';

/** How the lock is given back. These go last: nobody else may begin before everything else is as it was. */
export const lockUndos: readonly UndoDefinition[] = [leaseRelease, lockNamespace];

/** Whether an undo gives back the lock or its namespace. */
export const isOfLock = ({kind}: {kind: string}): boolean => lockUndos.some((undo) => undo.kind === kind);

/** Whether an undo gives back the lock itself: its renewals end right before. */
export const releasesLock = ({kind}: {kind: string}): boolean => kind === leaseRelease.kind;
