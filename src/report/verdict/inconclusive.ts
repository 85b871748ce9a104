import {figure, goal} from '../figures.ts';
import {
  backBefore,
  healsAnyway,
  idleRecovery,
  mendedByInject,
  neverWent,
  notDown,
  unheld,
  unproven,
  unseenAltogether,
  untaken,
  unwatched,
  wentDown,
} from './caused.ts';
import {objectiveName} from './failed.ts';
import {sentence} from './refused.ts';
import {needsFault, type VerdictRow} from './row.ts';
import {blindness, emptiness, isBounded, seriesControl, sleep, unseen, unturned} from './shown.ts';

/** No miss is proven, but neither is success. */
export const inconclusiveRows: readonly VerdictRow[] = [
  row(
    'Play every fault: from a state that it changes, and with somebody there for what a person is to do.',
    'a fault that the scenario declares never went out',
    (model) => neverWent(model),
  ),
  row(
    'Where the fault did not take, find out why; where nothing shows that it did, ask somebody who looks, by `effect.prove`.',
    'a fault has no proof of its own: its effect (where that shows more than its own write), `effect.prove` (where it was not so before), or an outage or a red check that only it can have made',
    (model) => unproven(model),
  ),
  row(
    'Find out why the cluster took no call of the fault.',
    'no target was hit: no fault was accepted by the cluster',
    (model) => {
      if (!needsFault(model)) return [];
      const faults = model.mutations.filter(({role}) => role === 'fault');
      const byHand = model.steps.some(
        ({phase, form, outcome}) =>
          phase === 'inject' && form === 'manual' && (outcome === 'done' || outcome === 'deviated'),
      );
      return byHand || faults.some(({applied}) => applied === 'yes')
        ? []
        : ['No call of the fault was answered with success, so nothing shows that a target was hit.'];
    },
  ),
  row(
    'See whether the recovery changed what is protected, and whether the API server has to go away for longer than it takes to look.',
    'a step of the recovery was guarded by what was seen before the API server went away, and nobody looked again',
    (model) => model.guards.filter(({phase, ok}) => phase === 'recover' && !ok).map(({message}) => sentence(message)),
  ),
  row(
    'Bring the service up before the drill, and let `steady.for` show it.',
    'a service was not up right before the fault',
    ({services}) =>
      services
        .filter(({before, by}) => by === 'inject' && before !== undefined && before !== 'up')
        .map(
          ({name, before}) => `The service ${name} was ${before} right before the fault, so its outage proves nothing.`,
        ),
  ),
  row(
    'Break what the service hangs on, sample more often where its outage is short, or say `outage: possible`.',
    'a service with `outage: required` was not seen down, or only where the recovery may have done it',
    (model) =>
      model.services
        .filter((service) => service.outage === 'required' && model.window && !wentDown(service, model))
        .map((service) => notDown(service, model)),
  ),
  row(
    'Ask the check when it answers so, or declare in its `states` what it answers.',
    'a check was not seen as declared before the fault, or while broken',
    ({checks, plan}) =>
      plan?.type === 'inspection'
        ? []
        : checks.flatMap(({name, moments: {before, broken}}) => [
            ...(before.asWanted ? [] : [unseen(name, 'before the fault', before)]),
            ...(broken.asWanted ? [] : [unseen(name, 'while it was broken', broken)]),
          ]),
  ),
  row(
    'Let the recovery wait until the check has turned (`waitFor`, `pause`); or say `broken: skip`, and give it a control.',
    'a check was seen as declared for `broken` only after the recovery had begun to act',
    ({account}) =>
      (account?.reds ?? [])
        .filter(({cause}) => cause === 'cure')
        .map(
          ({check}) =>
            `The check "${check}" was seen as declared only after the recovery had begun to act: that may be its doing.`,
        ),
  ),
  row(
    'Let a step of the recovery change something, with somebody there for what a person is to do; or leave `recover` out, and drill that the platform heals.',
    'the recovery was not played, or changed nothing',
    (model) => idleRecovery(model),
  ),
  row(
    'Leave `recover` out and drill that the platform heals, or break something that does not come back by itself.',
    'the recovery acted, and everything that was broken comes back by itself (`pod/delete`, `deployment/restart`)',
    (model) => healsAnyway(model),
  ),
  row(
    'Recover sooner, or break something that does not come back before; where it is only not known, sample more often.',
    'where there is a recovery: a service was back, or a check well again, before it acted',
    (model) => backBefore(model),
  ),
  row(
    'Leave out the later step of `inject`, or make it a step of `recover`.',
    'without a recovery that acted, a service was back, or a check well, after a further step of `inject`',
    (model) => mendedByInject(model),
  ),
  row(
    'Sample more often, or let the recovery wait (`pause`) until somebody has looked.',
    'a series did not look after the fault had taken effect, and before the recovery acted or the undo began',
    (model) => unwatched(model),
  ),
  row(
    'Sample more often than the whole drill is long.',
    'an outage as long as the time that was watched could have gone unseen',
    (model) => unseenAltogether(model),
  ),
  row(
    'See whether the store takes writes; let the canary write more often, or the drill look for longer (`verify.stableFor`).',
    'the store of a canary was not seen to take writes again',
    (model) => untaken(model),
  ),
  row(
    'Give the check a control, or ask it when it must answer otherwise (`states.broken`).',
    'a check is never to answer otherwise, and has no control: it may not be able to',
    ({checks, plan}) => (plan?.type === 'inspection' ? [] : checks.flatMap((check) => unturned(check))),
  ),
  row(
    'Find out why the check could not be asked, and give `verify.within` time for it.',
    'an `after` check could not be asked, or was not',
    ({checks}) =>
      checks
        .filter(({moments: {after}}) => !after.asWanted && after.seen !== 'pass' && after.seen !== 'fail')
        .map(({name, moments: {after}}) => unseen(name, 'after the recovery', after)),
  ),
  row(
    'Give `verify.within` more time: `stableFor` has to fit in.',
    'an `after` check did not answer as declared for `stableFor` before the drill ended',
    (model) => unheld(model),
  ),
  row(
    'Correct the control, or the question: what cannot turn red proves nothing.',
    'a control did not turn red: what it controls cannot be trusted',
    (model) => [
      ...model.series.flatMap((one) => seriesControl(one, model)),
      ...model.checks.flatMap(({name, control}) => {
        if (!control || control.seen === 'fail') return [];
        const answered = control.seen ? `answered ${control.seen} instead of fail` : 'was never asked';
        return [`The control "${control.name}" of the check "${name}" ${answered}.`];
      }),
      ...(model.plan?.type === 'inspection'
        ? model.checks.filter(({control}) => !control).map(({name}) => `The check "${name}" has no control.`)
        : []),
    ],
  ),
  row(
    'Sample more often, or from nearer; or set a target that the figure can be told from.',
    'a target lies inside the bound of its figure',
    ({objectives}) =>
      objectives
        .filter(({result, bound, share}) => result === 'inconclusive' && isBounded(bound, share))
        .map(
          (objective) =>
            `${objectiveName(objective)} is ${figure(objective)}; the target of ${goal(objective)} lies inside. Sample more often, or from nearer.`,
        ),
  ),
  row('Measure it as its remark says, or leave the objective out.', 'an objective was not measured', ({objectives}) =>
    objectives
      .filter(
        ({result, bound, share}) =>
          result === 'not-measured' || (result === 'inconclusive' && !isBounded(bound, share)),
      )
      .map(
        (objective) => `${objectiveName(objective)} was not measured${objective.note ? `: ${objective.note}` : ''}.`,
      ),
  ),
  row(
    'Sample from where the service can be seen, or with a longer `timeout`.',
    'the probes were blind for longer than the objective allows',
    (model) => model.services.flatMap((service) => blindness(service, model)),
  ),
  row(
    'Run it on a machine that does not sleep, with a clock that is set.',
    'the wall clock went ahead after the fault, further than every target has room for: the runner may have slept',
    (model) => sleep(model),
  ),
  row(
    'Sample from where the service can be seen to the end.',
    'a service was not seen to be up and stable at the end',
    ({services}) =>
      services
        .filter(({assessment, outage}) => assessment?.firstBad && !assessment.recovered && outage !== 'none')
        .map(({name}) => `Nobody could see whether the service ${name} came back for good.`),
  ),
  row(
    'Say by checks, services and objectives how one knows that it is back.',
    'there are no checks, no samples or no targets',
    (model) => emptiness(model),
  ),
];

/** `next`: what to do before it is run again, as the same run would come to the same. */
function row(next: string, when: string, reasons: VerdictRow['reasons']): VerdictRow {
  return {verdict: 'inconclusive', when, reasons, next};
}
