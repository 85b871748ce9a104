import {commandRun} from './command/run.ts';
import type {ActionDefinition} from './define.ts';
import {deploymentRestart} from './deployment/restart.ts';
import {deploymentScale} from './deployment/scale.ts';
import {networkIsolate} from './network/isolate.ts';
import {nodeCordon} from './node/cordon.ts';
import {nodeDrain} from './node/drain.ts';
import {objectApply} from './object/apply.ts';
import {objectDelete} from './object/delete.ts';
import {objectPatch} from './object/patch.ts';
import {podDelete} from './pod/delete.ts';

/** Every kind of action, by the name that `uses` takes. */
export const actions: Readonly<Record<string, ActionDefinition>> = {
  'command/run': commandRun,
  'deployment/restart': deploymentRestart,
  'deployment/scale': deploymentScale,
  'network/isolate': networkIsolate,
  'node/cordon': nodeCordon,
  'node/drain': nodeDrain,
  'object/apply': objectApply,
  'object/delete': objectDelete,
  'object/patch': objectPatch,
  'pod/delete': podDelete,
};
