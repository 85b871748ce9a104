import {InternalError} from '../io/errors.ts';
import type {Phase} from '../journal/types.ts';
import {startCanaries} from './canary/start.ts';
import {compareWorld, noteWorld, reachOf, type World} from './compare/index.ts';
import type {Activity, Answer, PreflightAnswer, Stop} from './lifecycle.ts';
import {lifetimeOf} from './lock/expiry.ts';
import {takeLocalLock} from './lock/local-lock.ts';
import {takeLock} from './lock/lock.ts';
import {releasesLock} from './lock/undos.ts';
import {createMutate} from './mutate.ts';
import {createPerformer} from './perform.ts';
import {beforeFault} from './phases/before-fault.ts';
import {proveEffect} from './phases/effect.ts';
import {passGate} from './phases/gate.ts';
import {lookOnce} from './phases/looked.ts';
import {preflight} from './phases/preflight.ts';
import {startProbers, startRunner} from './phases/probers.ts';
import {waitForSteady} from './phases/steady.ts';
import {verifyRecovery} from './phases/verify.ts';
import {eventsBeforeUndo, keepEvidence} from './record/evidence.ts';
import type {Runtime} from './runtime.ts';
import type {Session} from './session.ts';
import {confirmGuards} from './steps/guard.ts';
import {playStep} from './steps/index.ts';
import {undoDeps} from './undo/deps.ts';
import {undoAll} from './undo/undo.ts';
import {watchBroken} from './watch/broken.ts';
import {createProbing} from './watch/probing.ts';
import {watchStopConditions} from './watch/stop-conditions.ts';

/** The work behind the machine's states. */
export interface Activities {
  work: {
    preflight(): Promise<PreflightAnswer>;
    lock(): Promise<Answer>;
    prepare(index: number): Promise<void>;
    probers(): Promise<Answer>;
    steady(): Promise<Answer>;
    gate(): Promise<Answer>;
    inject(index: number): Promise<void>;
    effect(): Promise<void>;
    recover(index: number): Promise<void>;
    verify(): Promise<void>;
    undo(): Promise<void>;
  };
  begin(activity: Activity): void;
  /** Stops the running activity; its journal entries say how. */
  cancel(stop: Stop | null): void;
  declareLost(): void;
  /** Starts the runner's own samplers; the answer stops all samplers. */
  sample(): () => void;
  watchStopConditions(onStop: (stop: Stop) => void): () => void;
  /** Who is told when the lock is lost, or somebody asks for the end by it. */
  onStop(tell: (stop: Stop) => void): void;
  /** Ends what outlives the machine: renewals, connections. */
  close(): Promise<void>;
}

/** Binds the machine's activities to one run. */
export function createActivities(session: Session): Activities {
  const {journal, request} = session;
  const performer = createPerformer(journal);
  const {perform, ask} = performer;
  let runtime: Runtime | undefined;
  let tellStop: (stop: Stop) => void = () => undefined;

  const prepared = (): Runtime => {
    if (runtime === undefined) throw new InternalError('an activity began before preflight had answered');
    return runtime;
  };

  const step = (name: 'prepare' | 'inject' | 'recover') => (index: number) =>
    perform(async (signal) => {
      const planned = prepared().prepared.steps[name][index];
      if (planned === undefined) throw new InternalError(`there is no step ${name}.${index}`);
      if (name === 'inject') await beforeFault(prepared(), index, signal);
      await playStep(prepared(), planned, signal);
    });

  return {
    work: {
      preflight: () =>
        perform(async (signal) => {
          const answer = await preflight(session, signal);
          if (answer.planned === undefined) return {refused: true, deadlines: answer.deadlines};
          runtime = {
            ...session,
            prepared: answer.planned.prepared,
            played: new Map(),
            before: new Map(),
            unconfirmed: [],
          };
          return {refused: answer.refused, deadlines: answer.deadlines};
        }),
      lock: () =>
        ask(async (signal) => {
          const run = prepared();
          run.localLock = await takeLocalLock({
            locks: request.locks,
            cluster: run.prepared.identity,
            holder: `${session.operator} (${session.run.id})`,
            log: request.log,
          });
          run.lock = await takeLock({
            connection: run.prepared.connection,
            // Also later, when the lease has to be written again.
            mutate: (change, call) => fixtures(run, signal, performer.phase())(change, call),
            clock: request.clock,
            log: request.log,
            run: session.run,
            operator: session.operator,
            expires: new Date(request.clock.wall().getTime() + lifetimeOf(run.prepared.plan.runDeadline)),
            signal,
            onLost: (detail) => tellStop({cause: 'error', detail}),
            onAbort: (by) => tellStop({cause: 'abort', detail: `by ${by}`}),
          });
          run.world = await noteBefore(run);
        }),
      prepare: step('prepare'),
      probers: () =>
        ask(async (signal) => {
          const run = prepared();
          run.probing = createProbing(run, run.prepared);
          await startProbers(run, fixtures(run, signal), signal);
          run.canaries = await startCanaries(run, fixtures(run, signal));
        }),
      steady: () =>
        ask(async (signal) => {
          await waitForSteady(prepared(), signal);
          await prepared().canaries?.prove(signal);
        }),
      gate: () => ask((signal) => passGate(prepared(), signal)),
      inject: step('inject'),
      effect: () =>
        perform(async (signal) => {
          const run = prepared();
          const begun = request.clock.mono();
          run.broken = watchBroken(run);
          await proveEffect(run, run.broken, signal);
          await lookOnce(run, begun, signal);
          run.recoveredAt = request.clock.mono();
        }),
      recover: async (index) => {
        const run = prepared();
        await step('recover')(index);
        run.recoveredAt = request.clock.mono();
        if (index + 1 === run.prepared.steps.recover.length) await run.broken?.stop();
      },
      verify: () =>
        perform(async (signal) => {
          await verifyRecovery(prepared(), signal);
          await confirmGuards(prepared());
          await prepared().canaries?.count(signal);
        }),
      undo: async () => {
        const run = prepared();
        await run.broken?.stop();
        await run.canaries?.stop();
        // Not waited for: the undo comes first, and takes longer than one question.
        const events = eventsBeforeUndo(session, run.prepared.connection);
        await run.probing?.stop();
        const cleanup = await undoAll(undoDeps(run), 'undo', {
          settled: async () => {
            if (run.world !== undefined) await compareWorld(comparing(run), run.world);
          },
          // Renewals end with the lease, not before: the undos before it may take minutes.
          before: async ({undo}) => {
            if (releasesLock(undo)) await run.lock?.stop();
          },
        });
        if (cleanup === 'clean') await session.vault.clear();
        await keepEvidence(session, run.prepared.connection, await events);
      },
    },
    begin: performer.begin,
    cancel: (stop) => {
      if (stop !== null) performer.cancel(stop);
    },
    declareLost: () => {
      journal
        .append({
          type: 'note',
          text: `${performer.phase() ?? 'the activity'} did not settle after it was stopped; it is given up`,
        })
        .catch(() => undefined);
    },
    sample: () => {
      const run = prepared();
      void startRunner(run);
      return () => void run.probing?.stop();
    },
    watchStopConditions: (onStop) => watchStopConditions(prepared(), onStop),
    onStop: (tell) => {
      tellStop = tell;
    },
    close: async () => {
      await runtime?.lock?.stop();
      await runtime?.localLock?.release();
      runtime?.prepared.connection.close();
    },
  };
}

const comparing = ({prepared, journal, vault, request}: Runtime) => ({
  ...{connection: prepared.connection, journal, vault, clock: request.clock},
  restWithin: request.restWithin,
});

/** What is in the drill's reach before its first change; undefined where the scenario wants no comparison. */
async function noteBefore(run: Runtime): Promise<World | undefined> {
  const {plan} = run.prepared;
  return plan.compareOff === undefined
    ? await noteWorld(comparing(run), reachOf(plan, run.journal.entries))
    : undefined;
}

/** What kubedrill itself puts into the cluster: the lock and the prober. */
function fixtures(run: Runtime, signal: AbortSignal, phase: Phase = 'prepare') {
  return createMutate<never>({
    journal: run.journal,
    writer: {cluster: run.prepared.connection.writer},
    nextId: run.nextMutation,
    role: 'fixture',
    phase,
    redactor: run.redactor,
    vault: run.vault,
    clock: run.request.clock,
    signal,
  });
}
