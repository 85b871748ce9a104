import {badRequest, type StatusError} from '../status.ts';
import {labelValueFault, qualifiedNameFault} from './names.ts';

/** One requirement of a label selector; operators as in `matchExpressions`, and Gt and Lt. */
export interface Requirement {
  key: string;
  operator: string;
  values: string[];
}

const operators: Readonly<Record<string, string>> = {
  in: 'In',
  notin: 'NotIn',
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  '>': 'Gt',
  '<': 'Lt',
};

/** Reads a label selector as Kubernetes does (`a=b,c!=d,e in (f,g),!h,i>1`). Throws its 400 when it is none. */
export function parseRequirements(text: string): Requirement[] {
  const tokens = text.match(/==|!=|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
  const found: Requirement[] = [];
  const next = () => tokens.shift() ?? '';
  const isWord = (token: string | undefined) => token !== undefined && /^[^=!(),<>]/.test(token);
  const values = (): string[] => {
    const list: string[] = [];
    for (;;) {
      list.push(isWord(tokens[0]) ? next() : '');
      const after = next();
      if (after === ')') return list;
      if (after !== ',') throw unreadable(after, "',' or ')'");
    }
  };
  for (;;) {
    const absent = tokens[0] === '!' && next() !== '';
    const key = next();
    if (!isWord(key)) throw unreadable(key, 'identifier');
    if (absent || tokens.length === 0 || tokens[0] === ',') {
      found.push(checked({key, operator: absent ? 'DoesNotExist' : 'Exists', values: []}));
    } else {
      const sign = next();
      const operator = operators[sign];
      if (operator === undefined) throw unreadable(sign, 'in, notin, =, ==, !=, gt, lt');
      const isSet = /^(not)?in$/.test(sign);
      const opening = isSet ? next() : '(';
      if (opening !== '(') throw unreadable(opening, "'('");
      found.push(checked({key, operator, values: isSet ? values() : [isWord(tokens[0]) ? next() : '']}));
    }
    const end = next();
    if (end === '') return found;
    if (end !== ',') throw unreadable(end, "',' or 'end of string'");
  }
}

function checked(requirement: Requirement): Requirement {
  const {key, operator, values} = requirement;
  const wrongKey = qualifiedNameFault(key);
  if (wrongKey) throw unparsable(`<nil>: Invalid value: "${key}": ${wrongKey}`);
  for (const [index, value] of values.entries()) {
    const compared = operator === 'Gt' || operator === 'Lt';
    const wrong =
      compared && !/^-?\d+$/.test(value)
        ? "for 'Gt', 'Lt' operators, the value must be an integer"
        : labelValueFault(value);
    if (wrong) throw unparsable(`values[${index}][${key}]: Invalid value: "${value}": ${wrong}`);
  }
  return requirement;
}

const unparsable = (why: string): StatusError => badRequest(`unable to parse requirement: ${why}`);
const unreadable = (found: string, wanted: string): StatusError => unparsable(`found '${found}', expected: ${wanted}`);
