import {dirname, isAbsolute, resolve} from 'node:path';
import {parseAllDocuments} from 'yaml';
import {UsageError} from '../../io/errors.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {kubeconfigShape, mismatch} from './fields.ts';

/** What several kubeconfig files say together. */
export interface Merged {
  /** What messages call it. */
  origin: string;
  clusters: Map<string, JsonObject>;
  users: Map<string, JsonObject>;
  contexts: Map<string, JsonObject>;
  currentContext: string;
}

/** Fields that name a file. */
const paths: Readonly<Record<string, readonly string[]>> = {
  cluster: ['certificate-authority'],
  user: ['client-certificate', 'client-key', 'tokenFile'],
  context: [],
};

/**
 * Merges kubeconfigs as kubectl does: the first file that names a thing wins, with all of the thing. Paths in them
 * count from the folder of their own file. Throws a UsageError that says which file and what is wrong with it.
 */
export function merge(files: readonly {file: string; content: string}[]): Merged {
  const origin = files.map(({file}) => file).join(', ');
  const merged: Merged = {origin, clusters: new Map(), users: new Map(), contexts: new Map(), currentContext: ''};
  for (const {file, content} of files) {
    const config = parse(file, content);
    collect(merged.clusters, file, config.clusters, 'cluster');
    collect(merged.users, file, config.users, 'user');
    collect(merged.contexts, file, config.contexts, 'context');
    merged.currentContext ||= text(config['current-context']);
  }
  return merged;
}

/** A text, or none. */
export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function parse(file: string, content: string): JsonObject {
  // YAML 1.1 as Go reads it: `yes` is true; a date is a text. Of several documents kubectl reads the first.
  const [document] = parseAllDocuments(content, {
    version: '1.1',
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp'),
  });
  const [problem] = document?.errors ?? [];
  if (problem !== undefined) {
    const at = problem.linePos?.[0];
    // The first line of the message only: the rest quotes the file, which holds credentials.
    throw broken(file, `is no valid YAML${at ? ` (line ${at.line})` : ''}: ${problem.message.split('\n', 1)[0]}`);
  }
  // A file without a word is one without entries.
  const value: unknown = document?.toJS() ?? {};
  if (!isJsonObject(value)) throw broken(file, 'is no kubeconfig: it holds no mapping');
  for (const [field, only] of Object.entries({apiVersion: 'v1', kind: 'Config'})) {
    if ((value[field] ?? only) !== only) throw broken(file, `is no kubeconfig: its ${field} is not ${only}`);
  }
  const wrong = mismatch(kubeconfigShape, value);
  if (wrong !== undefined) throw broken(file, `is no kubeconfig: ${wrong}`);
  return value;
}

/** Takes over the entries of one list that no earlier file has; makes their paths absolute. */
function collect(
  into: Map<string, JsonObject>,
  file: string,
  list: Json | undefined,
  member: 'cluster' | 'user' | 'context',
): void {
  const own = new Set<string>();
  for (const [index, item] of (Array.isArray(list) ? list : []).entries()) {
    const name = isJsonObject(item) ? text(item.name) : '';
    if (!isJsonObject(item) || name === '') throw broken(file, `${member}s[${index}] has no name`);
    if (own.has(name)) throw broken(file, `${member}s has "${name}" twice`);
    own.add(name);
    if (into.has(name)) continue;
    const body = item[member];
    into.set(name, located(file, isJsonObject(body) ? body : {}, paths[member] ?? []));
  }
}

function located(file: string, body: JsonObject, members: readonly string[]): JsonObject {
  const from = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path));
  const entry: JsonObject = {...body};
  for (const key of members) if (text(entry[key]) !== '') entry[key] = from(text(entry[key]));
  // A name without a slash is looked for in PATH.
  const command = isJsonObject(entry.exec) ? text(entry.exec.command) : '';
  if (command.includes('/')) entry.exec = {...(entry.exec as JsonObject), command: from(command)};
  return entry;
}

const broken = (file: string, problem: string) =>
  new UsageError(`kubeconfig ${file}: ${problem}`, {
    code: 'E_KUBECONFIG',
    hint: `Try it with: kubectl --kubeconfig ${file} config view`,
  });
