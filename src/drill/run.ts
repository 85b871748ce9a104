import {join} from 'node:path';
import {createHeldTime} from '../actions/object/held-time.ts';
import {criticalSections} from '../io/critical.ts';
import {DrillError, ExitCode, InternalError} from '../io/errors.ts';
import {targetText} from '../io/target.ts';
import {cleanupOf, outstanding} from '../journal/recover.ts';
import {createJournal} from '../journal/write.ts';
import {createActivities} from './activities.ts';
import {watchFreeze} from './guards/freeze.ts';
import type {Stop} from './lifecycle.ts';
import {createActor, drillMachine, fromCallback, fromPromise} from './machine.ts';
import {watchAbort} from './record/abort-request.ts';
import {recordStart} from './record/begin.ts';
import {concludeRun} from './record/conclude.ts';
import {createRunFolder} from './record/folder.ts';
import {claim, release} from './record/owner.ts';
import {discreet, learning, secretsOf, tactful} from './record/secrets.ts';
import {createVault} from './record/vault.ts';
import type {Session} from './session.ts';
import type {DrillRequest, DrillResult} from './types.ts';
import {undoDeadline} from './undo/deps.ts';
import {createTurns} from './undo/turns.ts';

/**
 * Plays one scenario and writes its report. Rejects only when no record can be kept (E_REPORTS, E_JOURNAL): everything
 * else, a refusal and our own failures included, is a verdict with a report.
 */
export async function runDrill(asked: DrillRequest): Promise<DrillResult> {
  const {scenario, clock, progress} = asked;
  const redactor = secretsOf(scenario, asked.given.env);
  const request: DrillRequest = {
    ...asked,
    log: discreet(asked.log, redactor),
    interaction: tactful(asked.interaction, redactor),
  };
  if (request.dryRun !== undefined) throw new InternalError('a dry run must never become a run');
  // A kubeconfig that cannot be used is a usage error, not a run: nothing has been asked yet.
  const connection = await learning(await request.connect(), redactor);
  const folder = await createRunFolder(request.reports, scenario.scenario.metadata.name, clock.wall());
  const journal = await (request.openJournal ?? createJournal)(join(folder.path, 'journal.jsonl'), {clock, redactor});
  journal.subscribe((entry) => progress.entry(entry));
  let mutations = 0;
  const session: Session = {
    request,
    run: folder.run,
    folder: folder.path,
    journal,
    connection,
    vault: createVault(folder.path),
    redactor,
    operator: request.people.operator ?? connection.user,
    scope: {
      vars: {},
      env: request.given.env,
      run: {id: folder.run.id, label: folder.run.label, seed: request.seed},
      cluster: {},
      steps: {},
    },
    nextMutation: () => `m${++mutations}`,
    sections: criticalSections(request.holdOff),
    turns: createTurns(),
    heldTime: createHeldTime(request.undoWithin ?? undoDeadline),
  };
  await claim(folder.path);
  try {
    await recordStart(session, folder.attempt);
    return await play(session);
  } finally {
    await journal.close();
    await release(folder.path);
  }
}

/** Runs the machine to its end. */
async function play(session: Session): Promise<DrillResult> {
  const {request, journal} = session;
  const activities = createActivities(session);
  const {work} = activities;
  let result: DrillResult | undefined;
  const machine = drillMachine.provide({
    actors: {
      preflight: fromPromise(() => work.preflight()),
      lock: fromPromise(() => work.lock()),
      prepare: fromPromise(({input}) => work.prepare(input.index)),
      probers: fromPromise(() => work.probers()),
      steady: fromPromise(() => work.steady()),
      gate: fromPromise(() => work.gate()),
      inject: fromPromise(({input}) => work.inject(input.index)),
      effect: fromPromise(() => work.effect()),
      recover: fromPromise(({input}) => work.recover(input.index)),
      verify: fromPromise(() => work.verify()),
      undo: fromPromise(() => work.undo()),
      report: fromPromise(async () => {
        result = await concludeRun(session);
      }),
      sampling: fromCallback(() => activities.sample()),
      stopConditions: fromCallback(({sendBack}) =>
        activities.watchStopConditions((stop) => sendBack({type: 'ABORT', stop})),
      ),
    },
    actions: {
      begin: (_, {activity}) => activities.begin(activity),
      cancel: (_, {stop}) => activities.cancel(stop),
      declareLost: () => activities.declareLost(),
    },
  });
  const actor = createActor(machine, {input: {startAt: 'preflight'}});
  const abort = (stop: Stop) => actor.send({type: 'ABORT', stop});
  const onSignal = () => {
    const name = String(request.abort.reason);
    journal.append({type: 'signal', name}).catch(() => undefined);
    abort({cause: 'signal', detail: name});
  };
  activities.onStop(abort);
  session.sections.tell(() => {
    actor.send({type: 'HOLD'});
    return () => actor.send({type: 'RELEASE'});
  });
  const endFreezeWatch = watchFreeze(request, (reason) =>
    abort({cause: 'abort', detail: `drills are frozen: ${reason}`}),
  );
  const endWatch = watchAbort(session.folder, request.clock, (by) => abort({cause: 'abort', detail: `by ${by}`}));
  request.abort.addEventListener('abort', onSignal, {once: true});
  try {
    await new Promise<void>((resolve, reject) => {
      actor.subscribe({complete: () => resolve(), error: reject});
      actor.start();
      if (request.abort.aborted) onSignal();
    });
  } finally {
    endWatch();
    endFreezeWatch();
    request.abort.removeEventListener('abort', onSignal);
    await activities.close();
  }
  if (result === undefined) throw unreported(actor.getSnapshot().context.stop, session);
  return result;
}

/** The run came to its end, but its report could not be written: the journal is what is left, or what memory has of it. */
function unreported(stop: Stop | null, {journal, folder}: Session): DrillError {
  const left = outstanding(journal.entries);
  const cleanup = cleanupOf(journal.entries);
  const exitCode = cleanup === 'dirty' ? ExitCode.dirty : ExitCode.internal;
  const isLost = journal.failure?.code === 'E_JOURNAL_LOST';
  const why = stop === null ? '' : `: ${stop.detail}`;
  const what = isLost
    ? `the run folder ${folder} was removed while the run was at work: there is neither record nor report of it`
    : `the report of ${folder} could not be written${why}`;
  const again = isLost
    ? 'Whatever is named here was seen by this process alone; nothing can be taken back from the folder any more'
    : `Make room, then render it again with: kubedrill report ${folder}`;
  // Nobody can look it up where the record is lost.
  const commands = left.map(({target, command}) => `  ${targetText(target)}: ${command ?? 'look at it'}`);
  return new DrillError(`${what}; the cluster is ${cleanup}`, exitCode, {
    code: isLost ? 'E_JOURNAL_LOST' : 'E_REPORT',
    hint: isLost && left.length > 0 ? ['Still to be taken back:', ...commands].join('\n') : again,
  });
}
