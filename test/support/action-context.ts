import {createHash} from 'node:crypto';
import {createServer, request as httpRequest} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {
  ActionContext,
  ActionDefinition,
  ActionPlan,
  Effect,
  UndoDefinition,
  UndoOutcome,
  UndoRecord,
  Vault,
} from '../../src/actions/define.ts';
import {actions} from '../../src/actions/index.ts';
import type {OwnWork} from '../../src/actions/own-work.ts';
import {connect} from '../../src/cluster/connect.ts';
import type {Connection} from '../../src/cluster/types.ts';
import {withOptions} from '../../src/cluster/write.ts';
import {uncritical, undoContext, writerFor} from '../../src/drill/contexts.ts';
import {undos} from '../../src/drill/undo/registry.ts';
import {systemClock} from '../../src/io/clock.ts';
import {createExec} from '../../src/io/exec.ts';
import type {JsonObject} from '../../src/io/json.ts';
import {silentLog} from '../../src/io/log.ts';
import {createRandom} from '../../src/io/random.ts';
import type {Target} from '../../src/io/target.ts';
import {type MeansAtHand, meansFor, type Need} from '../../src/outside/means.ts';
import {practice, type TestCluster} from './practice.ts';

/** One mutation as the journal would have it. */
export interface Intent {
  undo: UndoRecord;
  target: Target;
  outcome: 'open' | 'applied' | 'failed';
}

/** One request that reached the API server, and whether an intent was open then. */
export interface Seen {
  method: string;
  path: string;
  body: string;
  inIntent: boolean;
}

/** One call of a means outside the Kubernetes API, and whether an intent was open then. */
export interface OutsideCall {
  need: Need;
  side: 'look' | 'change';
  method: string;
  inIntent: boolean;
}

/** A practice cluster with what actions and undos need, in memory, every request and every call outside recorded. */
export interface World extends AsyncDisposable {
  cluster: TestCluster;
  connection: Connection;
  seen: Seen[];
  calls: OutsideCall[];
  intents: Intent[];
  files: Map<string, string>;
  vault: Map<string, Buffer>;
  /** What an action gets that has declared everything. */
  context: ActionContext<Need>;
  /** Plans and runs an action on an input as a scenario has it. */
  play(kind: string, input: JsonObject): Promise<{plan: ActionPlan; output: JsonObject; effect(): Promise<Effect>}>;
  plan(kind: string, input: JsonObject): Promise<ActionPlan>;
  /** Undoes intents, newest first, from their records as JSON, as after a crash. */
  undoAll(limit?: number): Promise<UndoOutcome[]>;
  undo(intent: Intent, limit?: number): Promise<UndoOutcome>;
  verify(intent: Intent): Promise<{ok: boolean; detail: string}>;
}

/**
 * On a practice cluster of its own, which ends with it; or on one that is `there`, which stays. `means`: beside
 * programs, which are real ones.
 */
export async function startWorld({there, means}: {there?: TestCluster; means?: MeansAtHand} = {}): Promise<World> {
  const cluster = there ?? (await practice());
  const seen: Seen[] = [];
  const intents: Intent[] = [];
  const files = new Map<string, string>();
  const vault = new Map<string, Buffer>();
  const isOpen = () => intents.some(({outcome}) => outcome === 'open');
  const proxy = await startRecorder(cluster.url, (request) => seen.push(Object.assign(request, {inIntent: isOpen()})));
  const kubeconfigText = cluster.kubeconfig.replaceAll(cluster.url, proxy.url);
  const connection = await connect({kubeconfigText, env: {}});
  const calls: OutsideCall[] = [];
  const exec = createExec({killGrace: 200});
  const atHand = recorded({exec: {look: exec, change: exec}, ...means}, (call) =>
    calls.push({...call, inIntent: isOpen()}),
  );
  const all = Object.keys(atHand) as Need[];

  const contextFor = (definition: {kind: string; needs?: readonly Need[]}): ActionContext<Need> => ({
    ...meansFor(definition, atHand).look,
    signal: new AbortController().signal,
    clock: systemClock,
    log: silentLog,
    cluster: connection.reader,
    trial: withOptions(connection.writer, {dryRun: true}),
    vault: memoryVault(vault),
    dial: cluster.dial,
    random: createRandom(7),
    run: {id: 'test-run', label: 'abcdef012345', fieldManager: 'kubedrill'},
    role: 'fault',
    isFixture: () => false,
    defaultNamespace: 'default',
    readFile: async (path) => files.get(path) ?? Promise.reject(new Error(`no file ${path}`)),
    critical: uncritical,
    mutate: async ({undo, target}, write) => {
      const intent: Intent = {undo: structuredClone(undo), target: {...target}, outcome: 'open'};
      intents.push(intent);
      try {
        const answer = await write(writerFor(definition, {connection, means: atHand}));
        intent.outcome = 'applied';
        return answer;
      } catch (error) {
        intent.outcome = 'failed';
        throw error;
      }
    },
  });
  const context = contextFor({kind: 'everything', needs: all});
  const {mutate: usual} = context;
  /** The context of one action; what a test has put in the place of `mutate` stands before its calls. */
  const ownFor = (definition: ActionDefinition) => {
    const own = {...contextFor(definition), role: context.role};
    const {mutate} = own;
    own.mutate = (mutation, write) => (context.mutate === usual ? mutate : context.mutate)(mutation, write);
    return own;
  };

  const undoing = (definition: UndoDefinition, limit: number) => {
    const {clock, log, run} = context;
    const surroundings = {connection, means: atHand, clock, log, run, vault: context.vault, critical: uncritical};
    return undoContext(definition, surroundings, {own: alone, signal: AbortSignal.timeout(limit)});
  };
  const plan = async (kind: string, input: JsonObject) => {
    const definition = actions[kind] as ActionDefinition;
    return await definition.plan(ownFor(definition), definition.input.parse(input));
  };
  const undo = (intent: Intent, limit = 10_000) => {
    const {definition, data, target} = undoOf(intent);
    return definition.run(undoing(definition, limit), data, target);
  };
  return {
    cluster,
    connection,
    seen,
    calls,
    intents,
    files,
    vault,
    context,
    plan,
    play: async (kind, input) => {
      const definition = actions[kind] as ActionDefinition<unknown, JsonObject>;
      const parsed = definition.input.parse(input);
      const own = ownFor(definition as ActionDefinition);
      const planned = await definition.plan(own, parsed);
      const output = definition.output.parse(await definition.run(own, parsed, planned));
      const effect = () =>
        definition.effect?.(own, parsed, planned, output) ?? Promise.resolve({seen: true, detail: 'none'});
      return {plan: planned, output, effect};
    },
    undo,
    verify: (intent) => {
      const {definition, data, target} = undoOf(intent);
      return definition.verify(undoing(definition, 10_000), data, target);
    },
    undoAll: async (limit) => {
      const outcomes: UndoOutcome[] = [];
      for (const intent of intents.toReversed()) outcomes.push(await undo(intent, limit));
      return outcomes;
    },
    [Symbol.asyncDispose]: async () => {
      connection.close();
      await proxy.stop();
      if (!there) await cluster[Symbol.asyncDispose]();
    },
  };
}

/** Each mutation by itself, as if the drill had done nothing else to its target. */
const alone: OwnWork = {
  fixture: () => undefined,
  maker: () => undefined,
  isRemoved: false,
  isDoubted: false,
  written: [],
};

/** Means that tell of each call. */
function recorded(means: MeansAtHand, tell: (call: Omit<OutsideCall, 'inIntent'>) => void): MeansAtHand {
  const telling = <Side extends object>(real: Side, need: Need, side: OutsideCall['side']): Side =>
    new Proxy(real, {
      get: (object, name, receiver) => {
        const member: unknown = Reflect.get(object, name, receiver);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          tell({need, side, method: String(name)});
          return member.apply(object, args) as unknown;
        };
      },
    });
  const sides = Object.entries(means).map(([name, {look, change}]) => {
    const need = name as Need;
    return [need, {look: telling(look, need, 'look'), change: telling(change, need, 'change')}];
  });
  return Object.fromEntries(sides) as MeansAtHand;
}

/** What a journal gives back: everything has been JSON in between. */
function undoOf({undo, target}: Intent): {definition: UndoDefinition; data: unknown; target: Target} {
  const definition = undos[undo.kind] as UndoDefinition;
  return {definition, data: definition.schema.parse(JSON.parse(JSON.stringify(undo.data))), target};
}

export function memoryVault(files: Map<string, Buffer>): Vault {
  const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex');
  return {
    put: async (file, content) => {
      if (files.has(file)) throw new Error(`the vault has a file ${file} already`);
      files.set(file, Buffer.from(content));
      return {file, sha256: hash(Buffer.from(content))};
    },
    get: async ({file, sha256}) => {
      const content = files.get(file);
      if (content === undefined || hash(content) !== sha256) throw new Error(`the vault's file ${file} is not the one`);
      return content;
    },
  };
}

/** Forwards every request and tells of it. */
async function startRecorder(to: string, onRequest: (request: Omit<Seen, 'inIntent'>) => void) {
  const server = createServer((incoming, outgoing) => {
    const {method = '', url = '', headers} = incoming;
    const request = {method, path: url, body: ''};
    onRequest(request);
    incoming.on('data', (chunk: Buffer) => {
      request.body += chunk;
    });
    const forward = httpRequest(to + url, {method, headers, agent: false}, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on('error', () => outgoing.destroy());
    incoming.pipe(forward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop};
}
