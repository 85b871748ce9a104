import {randomUUID} from 'node:crypto';
import type {Mutate, UndoRecord, Vault, Writer} from '../actions/define.ts';
import {ClusterError, mayHaveApplied as callMayHaveApplied, isClusterError} from '../cluster/errors.ts';
import type {ClusterErrorReason} from '../cluster/types.ts';
import {withOptions} from '../cluster/write.ts';
import type {Clock} from '../io/clock.ts';
import {DrillError, InternalError, messageOf} from '../io/errors.ts';
import type {ExecResult} from '../io/exec.ts';
import {isJsonObject, type JsonObject} from '../io/json.ts';
import type {Redactor} from '../io/redact.ts';
import type {Target} from '../io/target.ts';
import type {ErrorRecord, Phase, Role, UndoRecordEntry} from '../journal/types.ts';
import type {Journal} from '../journal/write.ts';
import type {Need} from '../outside/means.ts';
import {undoOf} from './undo/registry.ts';

interface MutateOptions<Needs extends Need> {
  journal: Journal;
  writer: Writer<Needs>;
  /** Id of the next mutation of the run: `m1`, `m2`… */
  nextId: () => string;
  role: Role;
  phase: Phase;
  /** Path of the step; absent for the prober and the lock. */
  step?: string;
  /** An undo that holds a secret is sealed: the journal has its place in the vault. */
  redactor: Redactor;
  vault: Vault;
  /** To wait by where the API server asks to; without it such an answer is a failure as others. */
  clock?: Clock;
  /** Checked before each intent: an aborted step starts nothing new. */
  signal: AbortSignal;
}

/** Milliseconds before another attempt where the API server does not say when. */
const leastWait = 1000;
/** Attempts at one write while the API server is too busy; as many as Kubernetes' own clients make. */
const mostAttempts = 10;

/**
 * The only way to change anything outside: intent with its undo record, fsync, one call, answer, fsync.
 * A call that the API server has refused because it is too busy is made again, ten times in all and each as a mutation of
 * its own; an eviction is not: that a disruption budget says no is for the action to count.
 * When the intent cannot be written nothing happens; when the answer cannot be noted the mutation counts as maybe done.
 */
export function createMutate<Needs extends Need>(options: MutateOptions<Needs>): Mutate<Needs> {
  const {journal, writer, nextId, role, phase, step, clock, signal, redactor, vault} = options;
  const mutateOnce: Mutate<Needs> = async ({undo, target}, write) => {
    signal.throwIfAborted();
    // A record with a hole can prove nothing any more: nothing is broken for it.
    if (journal.failure !== undefined && role !== 'recovery') throw journal.failure;
    const mutation = nextId();
    await journal.commit({
      type: 'mutation.intent',
      mutation,
      role,
      phase,
      ...(step === undefined ? {} : {step}),
      target,
      undo: await entryOf(undo, target, {redactor, vault}),
    });
    // That the record is lost is found when it is written.
    if (journal.failure !== undefined && role !== 'recovery') {
      const error = errorRecord(journal.failure);
      await journal.commit({type: 'mutation.failed', mutation, maybeApplied: false, error});
      throw journal.failure;
    }
    let answer: Awaited<ReturnType<typeof write>>;
    let method = '';
    const called = (name: string) => {
      method = name;
    };
    const warnings: string[] = [];
    const cluster = withOptions(writer.cluster, {onWarning: (warning) => warnings.push(warning)});
    try {
      answer = await write(oneCall({...writer, cluster}, called));
    } catch (error) {
      await journal.commit({
        type: 'mutation.failed',
        mutation,
        maybeApplied: mayHaveApplied(error, method),
        error: errorRecord(error),
      });
      const wait = method === 'evict' ? undefined : waitAsked(error);
      throw wait === undefined ? error : new Busy(error, wait);
    }
    const warned = warnings.length > 0 ? {warnings} : {};
    await journal.commit({type: 'mutation.applied', mutation, ...summary(answer), ...warned});
    return answer;
  };
  return async (mutation, write) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await mutateOnce(mutation, write);
      } catch (error) {
        if (!(error instanceof Busy)) throw error;
        if (clock === undefined || attempt >= mostAttempts) throw error.cause;
        await clock.sleep(error.wait, signal);
      }
    }
  };
}

/** A call that certainly did nothing, because the API server had no time for it. */
class Busy extends Error {
  readonly wait: number;

  constructor(cause: unknown, wait: number) {
    super('busy', {cause});
    this.wait = wait;
  }
}

/** How long the API server asks to wait; undefined for any other answer, and where somebody in between has spoken. */
function waitAsked(error: unknown): number | undefined {
  if (!isClusterError(error, 'tooManyRequests') || error.apiMessage === undefined) return undefined;
  return Math.max(leastWait, (error.retryAfter ?? 0) * 1000);
}

async function entryOf(
  {owners, ...undo}: UndoRecord,
  target: Target,
  {redactor, vault}: Pick<MutateOptions<never>, 'redactor' | 'vault'>,
): Promise<UndoRecordEntry> {
  const entry = redactor.finds(undo.data) ? await sealed(undo, vault) : {...undo, ...byHand(undo, target, redactor)};
  if (owners === undefined) return entry;
  if (!redactor.finds(owners) && JSON.stringify(owners).length <= mostOwners)
    return {...entry, owners: {entries: owners}};
  const saved = await vault.put(`owners-${randomUUID()}.json`, JSON.stringify(owners));
  return {...entry, owners: {saved}, payloads: [...(entry.payloads ?? []), saved]};
}

/** Characters of field owners that stand in the journal itself. */
const mostOwners = 8 * 1024;

/** The record with its data in the vault, where a rollback finds it. */
async function sealed({kind, data, payloads = []}: UndoRecord, vault: Vault): Promise<UndoRecordEntry> {
  const place = await vault.put(`undo-${randomUUID()}.json`, JSON.stringify(data));
  return {kind, data: {}, sealed: place, payloads: [...payloads, place]};
}

/**
 * The command by which a person can do the same, noted before the call: a process that dies says nothing afterwards.
 * None that reads as a secret where its parts do not: the journal keeps undo records as they are.
 */
function byHand({kind, data}: UndoRecord, target: Target, redactor: Redactor): {command?: string} {
  const definition = undoOf(kind);
  const parsed = definition?.schema.safeParse(data);
  if (definition === undefined || !parsed?.success) return {};
  const command = definition.command(parsed.data, target);
  return redactor.finds(command) ? {} : {command};
}

/** An intent stands for one call: a second one would have no undo of its own. */
function oneCall<Sides extends object>(writer: Sides, called: (method: string) => void): Sides {
  let used = false;
  const once = (method: string) => {
    if (used) throw new InternalError('an action made a second call inside one mutation');
    used = true;
    called(method);
  };
  const guard = <Side extends object>(target: Side): Side =>
    new Proxy(target, {
      get: (object, name, receiver) => {
        const member: unknown = Reflect.get(object, name, receiver);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => {
          once(String(name));
          return member.apply(object, args) as unknown;
        };
      },
    });
  return Object.fromEntries(Object.entries(writer).map(([name, side]) => [name, guard(side as object)])) as Sides;
}

/** Whether a failed call of a writer's method may have taken effect all the same. */
export function mayHaveApplied(error: unknown, method = ''): boolean {
  if (!(error instanceof ClusterError)) return !(error instanceof InternalError);
  return callMayHaveApplied(error) || (secondAnswers[method]?.includes(error.reason) ?? false);
}

/**
 * How the API server answers a call that something on the way has delivered twice, and that took effect the first time.
 * The undo looks whose the object is.
 */
const secondAnswers: Readonly<Record<string, readonly ClusterErrorReason[]>> = {
  create: ['alreadyExists'],
  patch: ['conflict'],
  replace: ['conflict'],
  delete: ['notFound', 'conflict', 'gone'],
  evict: ['notFound', 'conflict', 'gone'],
};

/** What the journal keeps of an answer: enough to find the object again, never its content. */
function summary(answer: unknown): {answer?: JsonObject} {
  if (!isJsonObject(answer)) return {};
  const metadata = answer.metadata;
  if (isJsonObject(metadata) && typeof metadata.name === 'string') {
    const {name, uid, resourceVersion} = metadata;
    return {
      answer: {name, ...(uid === undefined ? {} : {uid}), ...(resourceVersion === undefined ? {} : {resourceVersion})},
    };
  }
  if ('exitCode' in answer) return {answer: {exitCode: (answer as unknown as ExecResult).exitCode}};
  const status = answer.status;
  return typeof status === 'string' ? {answer: {status}} : {};
}

/** An error as the journal keeps it. */
export function errorRecord(error: unknown): ErrorRecord {
  return error instanceof DrillError ? error.toJSON() : {code: 'E_OTHER', message: messageOf(error)};
}
