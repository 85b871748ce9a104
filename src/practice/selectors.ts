import type {LabelSelector} from './objects.ts';
import {parseRequirements} from './registry/requirements.ts';
import {badRequest} from './status.ts';

export type Labels = Readonly<Record<string, string>> | undefined;
/** Whether a set of labels is selected. */
export type LabelMatch = (labels: Labels) => boolean;

/** Reads a label selector as kubectl writes it (`a=b,c!=d,e in (f,g),!h`). Throws a 400 when it is none. */
export function parseLabelSelector(text: string | undefined): LabelMatch {
  if (!text?.trim()) return () => true;
  const matches = parseRequirements(text).map(({key, operator, values}) => requirement(key, operator, values));
  return (labels) => matches.every((match) => match(labels));
}

/** The matcher of a `{matchLabels, matchExpressions}` selector; an absent one selects nothing. */
export function labelSelector(selector: LabelSelector | undefined): LabelMatch {
  if (!selector) return () => false;
  const expressions = (selector.matchExpressions ?? []).map(({key, operator, values}) =>
    requirement(key, operator, values),
  );
  const exact = Object.entries(selector.matchLabels ?? {});
  return (labels) =>
    exact.every(([key, value]) => labels?.[key] === value) && expressions.every((each) => each(labels));
}

/** The matcher of one expression; operators as in `matchExpressions`, Gt and Lt included for nodes. */
export function requirement(key: string, operator: string, values: readonly string[] = []): LabelMatch {
  switch (operator) {
    case 'In':
      return (labels) => labels?.[key] !== undefined && values.includes(labels[key]);
    case 'NotIn':
      return (labels) => labels?.[key] === undefined || !values.includes(labels[key]);
    case 'Exists':
      return (labels) => labels?.[key] !== undefined;
    case 'DoesNotExist':
      return (labels) => labels?.[key] === undefined;
    case 'Gt':
      return (labels) => Number(labels?.[key]) > Number(values[0]);
    case 'Lt':
      return (labels) => Number(labels?.[key]) < Number(values[0]);
    default:
      throw badRequest(`"${operator}" is not a valid label selector operator`);
  }
}

/** Reads a field selector (`a=b,c!=d`) into a matcher over a getter of fields. Throws a 400 when it is none. */
export function parseFieldSelector(text: string | undefined): {
  fields: string[];
  matches: (field: (path: string) => string) => boolean;
} {
  const terms = (text?.trim() ? text.split(',') : []).map((term) => {
    const parsed = /^([^=!]+)(==|=|!=)(.*)$/.exec(term);
    if (!parsed) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
    return {path: parsed[1] ?? '', negated: parsed[2] === '!=', value: parsed[3] ?? ''};
  });
  return {
    fields: terms.map(({path}) => path),
    matches: (field) => terms.every(({path, negated, value}) => (field(path) === value) !== negated),
  };
}
