import {kubectlList} from '../../cluster/names.ts';
import type {ListQuery, ObjectRef} from '../../cluster/types.ts';
import {RefusedError, StepError} from '../../io/errors.ts';

/** Nothing to act on, found before anything was done. */
export function notFound(kind: string, what: string, query: ListQuery | ObjectRef): RefusedError {
  return new RefusedError(`${kind}: ${what}`, {
    code: 'E_TARGET_NOT_FOUND',
    hint: `Check it with: ${kubectlList(query)}`,
  });
}

/** The namespace to act in does not exist. */
export function noNamespace(kind: string, namespace: string): RefusedError {
  return notFound(kind, `there is no namespace ${namespace}`, {apiVersion: 'v1', kind: 'Namespace'});
}

/** The API server does not serve the kind; an earlier step may bring it. */
export function noKind(kind: string, what: string, hint: string): RefusedError {
  return new RefusedError(`${kind}: ${what}`, {code: 'E_NO_KIND', hint});
}

/** The target is there, but the action must not or cannot do this to it. */
export function refused(kind: string, what: string, hint: string): RefusedError {
  return new RefusedError(`${kind}: ${what}`, {code: 'E_TARGET_REFUSED', hint});
}

/** The target is there, and something else keeps it from going: an earlier step may take that away. */
export function held(kind: string, what: string, hint: string): RefusedError {
  return new RefusedError(`${kind}: ${what}`, {code: 'E_TARGET_HELD', hint});
}

/** Right before its call a target is no longer what was planned. */
export function changed(kind: string, what: string, query: ListQuery | ObjectRef): StepError {
  return new StepError(`${kind}: ${what} since it was planned; nothing was done to it`, {
    code: 'E_TARGET_CHANGED',
    hint: `Look at it with: ${kubectlList(query)}`,
  });
}
