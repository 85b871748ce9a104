import {type Cause, invalidOptions} from '../status.ts';
import type {ApiRequest} from './request.ts';

type Problem = Required<Cause>;
const applyType = /^application\/apply-patch\+(yaml|cbor)$/;

/** Whether a request is a server-side apply. */
export const isApply = ({method, contentType}: ApiRequest) => method === 'PATCH' && applyType.test(contentType);

export const unsupported = (field: string, value: unknown, ...known: string[]): Problem => {
  const list = known.map((each) => `"${each}"`).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
    field,
  };
};
const forbidden = (field: string, why: string): Problem => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${why}`,
  field,
});

/** Throws a 422 for options of a create, update or patch that are none. */
export function checkWriteOptions(request: ApiRequest): void {
  const {query, method} = request;
  const problems: Problem[] = [];
  const manager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  if (method === 'PATCH' && !isApply(request) && query.has('force')) {
    problems.push(forbidden('force', 'may not be specified for non-apply patch'));
  }
  if (isApply(request) && !manager) {
    problems.push({
      reason: 'FieldValueRequired',
      message: 'Required value: is required for apply patch',
      field: 'fieldManager',
    });
  }
  if (Buffer.byteLength(manager) > 128) {
    problems.push({
      reason: 'FieldValueTooLong',
      message: 'Too long: may not be more than 128 bytes',
      field: 'fieldManager',
    });
  }
  problems.push(...dryRunProblems(query.getAll('dryRun')));
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation)) {
    problems.push(unsupported('fieldValidation', validation, '', 'Ignore', 'Strict', 'Warn'));
  }
  const kind = method === 'POST' ? 'CreateOptions' : method === 'PUT' ? 'UpdateOptions' : 'PatchOptions';
  if (problems.length > 0) throw invalidOptions(kind, problems);
}

/** What is wrong with the values of `dryRun`. */
export function dryRunProblems(values: readonly string[]): Problem[] {
  return values.every((each) => each === 'All') ? [] : [unsupported('dryRun', values, 'All')];
}

/** Throws a 422 for options of a list or watch that contradict each other. */
export function checkListOptions(query: URLSearchParams, isWatch: boolean): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const revision = query.get('resourceVersion') ?? '';
  const field = 'resourceVersionMatch';
  const problems: Problem[] = [];
  const initial = query.has('sendInitialEvents');
  if (isWatch) {
    if (initial && match !== 'NotOlderThan') {
      problems.push(forbidden(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
    } else if (!initial && match)
      problems.push(
        forbidden(field, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'),
      );
  } else {
    if (initial) problems.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
    if (match && !revision)
      problems.push(forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (match && query.get('continue'))
      problems.push(forbidden(field, 'resourceVersionMatch is forbidden when continue is provided'));
    if (match && !['Exact', 'NotOlderThan'].includes(match))
      problems.push(unsupported(field, match, 'Exact', 'NotOlderThan', ''));
    if (match === 'Exact' && revision === '0') {
      problems.push(forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (problems.length > 0) throw invalidOptions('ListOptions', problems);
}
