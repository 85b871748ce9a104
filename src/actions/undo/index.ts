import type {UndoDefinition} from '../define.ts';
import {canaryHttpRemove} from './canary-http-remove.ts';
import {canaryRemove} from './canary-remove.ts';
import {commandUndo} from './command-undo.ts';
import {leaseRelease} from './lease-release.ts';
import {lockNamespace} from './lock-namespace.ts';
import {objectPutBack} from './object-put-back.ts';
import {objectRecreate} from './object-recreate.ts';
import {objectRemove} from './object-remove.ts';
import {platformHeals} from './platform-heals.ts';
import {podReschedule} from './pod-reschedule.ts';
import {scalePutBack} from './scale-put-back.ts';

/** Every kind of undo, by the name that undo records carry. Journals of earlier versions name them: keep the names. */
export const undos: Readonly<Record<string, UndoDefinition>> = {
  'canary/http-remove': canaryHttpRemove,
  'canary/remove': canaryRemove,
  'command/undo': commandUndo,
  'lease/release': leaseRelease,
  'lock/namespace': lockNamespace,
  'object/put-back': objectPutBack,
  'object/recreate': objectRecreate,
  'object/remove': objectRemove,
  'platform/heals': platformHeals,
  'pod/reschedule': podReschedule,
  'scale/put-back': scalePutBack,
};
