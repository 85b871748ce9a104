import {stringify} from 'yaml';
import {StatusError} from '../status.ts';
import type {ApiRequest} from './request.ts';

/** How a client wants its answer. */
export interface Form {
  type: 'application/json' | 'application/yaml';
  /** The kind that objects and lists are turned into. */
  as: 'Table' | 'PartialObjectMetadata' | undefined;
}

/** The first form of the `Accept` header that there is. Throws a 406 when there is none. */
export function formOf({headers, method}: Pick<ApiRequest, 'headers' | 'method'>): Form {
  for (const wanted of (headers.accept || '*/*').split(',')) {
    const [type = '', ...parameters] = wanted.split(';').map((part) => part.trim());
    const as = parameters.find((each) => each.startsWith('as='))?.slice('as='.length);
    const isYaml = type === 'application/yaml';
    if (!isYaml && !['application/json', 'application/*', '*/*'].includes(type)) continue;
    const form = isYaml ? 'application/yaml' : 'application/json';
    if (as === undefined || method !== 'GET') return {type: form, as: undefined};
    if (as === 'Table') return {type: form, as};
    if (as.startsWith('PartialObjectMetadata')) return {type: form, as: 'PartialObjectMetadata'};
  }
  const known = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
  throw new StatusError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${known}`, {});
}

/** The text of an answer. */
export const textOf = (type: Form['type'], body: object): string =>
  type === 'application/yaml' ? stringify(body) : JSON.stringify(body);
