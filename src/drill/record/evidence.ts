import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {guessResource} from '../../cluster/names.ts';
import type {ClusterReader, Connection, KubeObject} from '../../cluster/types.ts';
import {messageOf} from '../../io/errors.ts';
import {isJsonObject, type Json, type JsonObject, parseJson} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import type {JournalEntry} from '../../journal/types.ts';
import {asRun} from '../../scenario/index.ts';
import type {Prepared, Session} from '../session.ts';
import {makeInside} from './folder.ts';

/** Milliseconds for each question: evidence must not hold up the end of a drill. */
const timeout = 5000;

/** Keeps the scenario as it is run, variables in place, in the run folder. */
export async function keepScenario(
  {folder, request, run, redactor}: Session,
  {plan}: Pick<Prepared, 'plan'>,
): Promise<void> {
  const vars = Object.fromEntries(plan.vars.flatMap(({name, value}) => (value === undefined ? [] : [[name, value]])));
  const head = `# As run by kubedrill ${request.version} in ${run.id}: variables in place.\n`;
  await writeFile(join(folder, 'scenario.yaml'), `${head}${redactor.text(asRun(request.scenario, vars))}`);
}

/**
 * The Events of the namespaces that were hit, as they are before the undo takes some of these namespaces away. Never
 * rejects: what cannot be read now may be there afterwards.
 */
export async function eventsBeforeUndo(session: Session, {reader}: Connection): Promise<readonly KubeObject[]> {
  return await events(reader, hitNamespaces(session.journal.entries)).catch(() => []);
}

/**
 * Keeps what the cluster says of itself beside the record: versions of everything on its way, and the Events of the
 * namespaces that were hit, since the run began, with those that were seen `before` the undo. Never rejects: what could
 * not be read is noted in the journal.
 */
export async function keepEvidence(
  session: Session,
  connection: Connection,
  before: readonly KubeObject[],
): Promise<void> {
  const {journal} = session;
  const keep = async (name: string, read: () => Promise<string>) => {
    try {
      const content = session.redactor.text(await read());
      const folder = join(session.folder, 'evidence');
      await makeInside(folder);
      await writeFile(join(folder, name), content);
    } catch (error) {
      const text = `evidence/${name} is missing: ${messageOf(error)}`;
      await journal.append({type: 'note', text}).catch(() => undefined);
    }
  };
  const namespaces = hitNamespaces(journal.entries);
  await Promise.all([
    keep('versions.json', () => versions(session, connection, namespaces)),
    ...(namespaces.length > 0
      ? [
          keep('events.jsonl', async () =>
            eventLines(session, [...before, ...(await events(connection.reader, namespaces))]),
          ),
        ]
      : []),
  ]);
}

/** Namespaces in which a fault or a recovery changed something. */
function hitNamespaces(entries: readonly JournalEntry[]): string[] {
  const targets = entries.flatMap((entry): Target[] =>
    entry.type === 'mutation.intent' && entry.role !== 'fixture' ? [entry.target] : [],
  );
  const names = targets.map(({kind, name, namespace}) => (kind === 'Namespace' ? name : namespace));
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

async function versions({request}: Session, {reader}: Connection, namespaces: readonly string[]): Promise<string> {
  const answer = await reader.raw('/version', {timeout});
  const [nodes, ...pods] = await Promise.all([
    reader.list({apiVersion: 'v1', kind: 'Node'}, {timeout}),
    ...namespaces.map((namespace) => listed(reader, 'Pod', namespace)),
  ]);
  const images = pods.flatMap((list) => list ?? []).flatMap(imagesOf);
  const document = {
    kubedrill: request.version,
    server: parseJson(answer.body),
    nodes: nodes.map(({metadata: {name}, status}) => ({name, ...object(object(status).nodeInfo)})),
    images: [...new Set(images)].sort(),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/**
 * Evidence is worth no right of its own: whether it may be listed is asked first, so that no audit log shows a refusal.
 * Undefined when it may not.
 */
async function listed(
  reader: ClusterReader,
  kind: 'Event' | 'Pod',
  namespace: string,
): Promise<KubeObject[] | undefined> {
  const permission = {verb: 'list', group: '', resource: guessResource(kind), namespace};
  const {allowed} = await reader.review(permission, {timeout});
  return allowed ? await reader.list({apiVersion: 'v1', kind, namespace}, {timeout}) : undefined;
}

/** Images as the kubelet says that it runs them, by digest where it does. */
function imagesOf({status}: KubeObject): string[] {
  const containers = object(status).containerStatuses;
  return (Array.isArray(containers) ? containers : []).flatMap((container) => {
    const {image, imageID} = object(container);
    return typeof image === 'string'
      ? [`${image}${typeof imageID === 'string' && imageID ? ` (${imageID})` : ''}`]
      : [];
  });
}

/** The Events of some namespaces. */
async function events(reader: ClusterReader, namespaces: readonly string[]): Promise<KubeObject[]> {
  const lists = await Promise.all(namespaces.map((namespace) => listed(reader, 'Event', namespace)));
  if (lists.includes(undefined)) throw new Error(`list events is not allowed in ${namespaces.join(', ')}`);
  return lists.flatMap((list) => list ?? []);
}

/** One line for each Event since the run began, as it was last, oldest first. */
function eventLines({journal}: Session, all: readonly KubeObject[]): string {
  const began = Date.parse(journal.entries[0]?.at ?? '');
  const latest = new Map(all.map((event) => [event.metadata.uid, event]));
  const rows = [...latest.values()]
    .map((event) => ({at: lastSeen(event), event}))
    // Stamps of Events have whole seconds.
    .filter(({at}) => !(Date.parse(at) < began - 1000))
    .sort((a, b) => a.at.localeCompare(b.at) || a.event.metadata.name.localeCompare(b.event.metadata.name));
  return rows.map(({at, event}) => `${JSON.stringify(line(at, event))}\n`).join('');
}

function lastSeen({lastTimestamp, eventTime, series, metadata}: KubeObject): string {
  const found = [object(series).lastObservedTime, lastTimestamp, eventTime, metadata.creationTimestamp];
  return found.find((one) => typeof one === 'string') ?? '';
}

function line(at: string, {metadata, type, reason, message, count, involvedObject}: KubeObject): JsonObject {
  const {kind, name} = object(involvedObject);
  return {at, namespace: metadata.namespace, type, reason, object: `${text(kind)} ${text(name)}`, message, count};
}

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
