import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ClusterReader, ClusterWriter, Connection, KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type Json, parseJson} from '../../io/json.ts';
import type {Log} from '../../io/log.ts';
import {createRedactor, type Redactor} from '../../io/redact.ts';
import {environmentOf, type ScenarioFile} from '../../scenario/index.ts';
import type {Interaction} from '../types.ts';

/**
 * What must not be told, before anything is: the environment variables that a scenario reads, and the Secrets that
 * stand in it. Those that are read or written later are learned on the way, by {@link learning}.
 */
export function secretsOf(file: ScenarioFile, env: Readonly<Record<string, string | undefined>>): Redactor {
  const redactor = createRedactor();
  for (const value of Object.values(environmentOf(file, env))) redactor.add(value);
  learn(file.yaml.value, redactor);
  return redactor;
}

/** The same from a run's folder: whatever its scenario.yaml may read of the environment. */
export async function secretsOfRun(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Redactor> {
  const redactor = createRedactor();
  const text = await readFile(join(folder, 'scenario.yaml'), 'utf8').catch(() => '');
  for (const [, name = ''] of text.matchAll(/\benv\.(\w+)/g)) redactor.add(env[name] ?? '');
  return redactor;
}

/**
 * A connection that learns the content of every Secret that goes through it, before anybody else sees it. Its own
 * credentials are learned first.
 */
export async function learning(connection: Connection, redactor: Redactor): Promise<Connection> {
  await connection.onSecret((secret) => redactor.add(secret));
  const {reader, writer} = connection;
  const seen = <T extends Json>(value: T): T => {
    learn(value, redactor);
    return value;
  };
  const read: ClusterReader = {
    server: reader.server,
    get: async (ref, options) => seen(await reader.get(ref, options)),
    list: async (query, options) => seen(await reader.list(query, options)),
    raw: async (path, options) => {
      const answer = await reader.raw(path, options);
      if (/\/secrets\b/.test(path)) learn(parsed(answer.body), redactor);
      return answer;
    },
    resource: (apiVersion, kind, options) => reader.resource(apiVersion, kind, options),
    review: (permission, options) => reader.review(permission, options),
    followLog: (pod, options) => reader.followLog(pod, options),
  };
  const write: ClusterWriter = {
    create: (object, options) => writer.create(seen(object), options),
    apply: (object, options) => writer.apply(seen(object), options),
    replace: (object, options) => writer.replace(seen(object), options),
    patch: (ref, patch, options) => {
      if (ref.kind === 'Secret') learnPatch(patch, redactor);
      return writer.patch(ref, patch, options);
    },
    delete: (ref, options) => writer.delete(ref, options),
    evict: (pod, options) => writer.evict(pod, options),
  };
  return {
    ...connection,
    reader: read,
    writer: write,
    identify: (options) => connection.identify(options),
    close: () => connection.close(),
  };
}

/** A log without secrets: messages are constant, data is in the fields. */
export function discreet(log: Log, redactor: Redactor): Log {
  const at = (level: keyof Log) => (message: string, fields?: Record<string, unknown>) =>
    log[level](redactor.text(message), fields && redactor.value(fields));
  return {debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error')};
}

/** The same for what people are asked to do. */
export function tactful(interaction: Interaction, redactor: Redactor): Interaction {
  return {...interaction, manual: (step, signal) => interaction.manual(redactor.value(step), signal)};
}

/** Finds Secrets anywhere in a value: in a list, in a manifest inside a scenario. */
function learn(value: Json | undefined, redactor: Redactor): void {
  if (Array.isArray(value)) for (const item of value) learn(item, redactor);
  if (!isJsonObject(value)) return;
  if (isSecret(value)) {
    learnEncoded(value.data, redactor);
    learnTexts(value.stringData, redactor);
  }
  for (const member of Object.values(value)) learn(member, redactor);
}

const isSecret = ({kind, data, stringData}: Record<string, Json | undefined> | KubeObject): boolean =>
  (kind === 'Secret' && isJsonObject(data)) || isJsonObject(stringData);

/** What a patch of a Secret holds of its content; the rest of it (labels, owners of fields) is as public as ever. */
function learnPatch(patch: Json, redactor: Redactor): void {
  if (!Array.isArray(patch)) {
    const {data, stringData} = isJsonObject(patch) ? patch : {};
    learnEncoded(data, redactor);
    learnTexts(stringData, redactor);
    return;
  }
  for (const operation of patch) {
    const {path, value} = isJsonObject(operation) ? operation : {};
    if (typeof path !== 'string') continue;
    if (path === '') learnPatch(value ?? null, redactor);
    else if (/^\/data(\/|$)/.test(path)) learnEncoded(typeof value === 'string' ? {value} : value, redactor);
    else if (/^\/stringData(\/|$)/.test(path)) learnTexts(value, redactor);
  }
}

/** Values in base64, of which both forms are secret. What is no text is only known as it is encoded. */
function learnEncoded(data: Json | undefined, redactor: Redactor): void {
  for (const value of Object.values(isJsonObject(data) ? data : {})) {
    if (typeof value !== 'string') continue;
    redactor.add(value);
    const decoded = Buffer.from(value, 'base64').toString('utf8');
    if (!decoded.includes('\ufffd')) redactor.add(decoded);
  }
}

function learnTexts(value: Json | undefined, redactor: Redactor): void {
  if (typeof value === 'string') redactor.add(value);
  else if (Array.isArray(value)) for (const item of value) learnTexts(item, redactor);
  else if (isJsonObject(value)) for (const item of Object.values(value)) learnTexts(item, redactor);
}

function parsed(body: string): Json | undefined {
  try {
    return parseJson(body) as Json;
  } catch {
    return undefined;
  }
}
