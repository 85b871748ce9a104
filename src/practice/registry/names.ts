const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const qualifiedPart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const alphanumerics = "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const rule = (pattern: string, text: string, limit: number) => {
  const whole = new RegExp(`^(${pattern})$`);
  return (value: string): string | undefined => {
    if (value.length > limit) return `must be no more than ${limit} characters`;
    return whole.test(value) ? undefined : `${text}, regex used for validation is '${pattern}')`;
  };
};

/** What is wrong with the name of most objects, in Kubernetes' words. */
export const subdomainFault = rule(
  subdomain,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com'",
  253,
);
/** What is wrong with the name of a namespace, a container or a port. */
export const labelFault = rule(
  label,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc'",
  63,
);
/** What is wrong with the name of a Service. */
export const serviceNameFault = rule(
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123'",
  63,
);
/** What is wrong with a key of a ConfigMap or Secret. */
export const dataKeyFault = rule(
  '[-._a-zA-Z0-9]+',
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name'",
  253,
);
/** What is wrong with the value of a label. */
export const labelValueFault = rule(
  `(${qualifiedPart})?`,
  `a valid label must be an empty string or consist of ${alphanumerics} (e.g. 'MyValue',  or 'my_value',  or '12345'`,
  63,
);
const namePartFault = rule(
  qualifiedPart,
  `name part must consist of ${alphanumerics} (e.g. 'MyName',  or 'my.name',  or '123-abc'`,
  63,
);

/** What is wrong with the key of a label or annotation: a name, after a domain if there is one. */
export function qualifiedNameFault(key: string): string | undefined {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  if (more.length > 0) {
    return `a qualified name must consist of ${alphanumerics} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedPart}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  }
  if (prefix === '') return 'prefix part must be non-empty';
  const before = prefix === undefined ? undefined : subdomainFault(prefix);
  if (before !== undefined) return `prefix part ${before}`;
  return name === '' ? 'name part must be non-empty' : namePartFault(name);
}
