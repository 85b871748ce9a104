import {isOutside, targetText} from '../../io/target.ts';
import {atMost, duration, figure, range} from '../figures.ts';
import {tolerated} from '../model/objectives.ts';
import {leftText, unnoticedText} from '../sentence.ts';
import type {CanaryReport, ReportModel, VerdictResult} from '../types.ts';
import {
  type Block,
  code,
  joined,
  type Line,
  line,
  list,
  outside,
  own,
  ownWords,
  section,
  stacked,
  strong,
  table,
} from './content.ts';
import {brokeWords, what} from './evidence.ts';
import {openFindings} from './follow-up.ts';
import {targets} from './targets.ts';
import {stamp} from './time.ts';

/** Page one: what was broken, for how long, whether the target was met, what was lost, what is left to do. */
export function frontPage(model: ReportModel, result: VerdictResult): Block[] {
  const {run} = model;
  return [
    ...(run ? [{kind: 'paragraph' as const, line: line`${strong(run.scenario.title)} · ${code(run.run.id)}`}] : []),
    ...answers(model, result),
    ...reasons(model, result),
    ...missing(model),
  ];
}

function answers(model: ReportModel, result: VerdictResult): Block[] {
  const {run, findings, cluster, injected} = model;
  return table(
    ['Question', 'Answer'],
    [
      [own('What was broken?'), broken(model)],
      ...(cluster ? [[own('Where?'), where(cluster)]] : []),
      [own('How long were users without service?'), impact(model)],
      ...(injected ? [[own('What was done for the recovery?'), recovery(model)]] : []),
      [own('Was the target met, and by how much?'), targets(model)],
      [own('What was lost?'), losses(model)],
      [own('Is anything left to do?'), leftToDo(model, result)],
      ...(findings.length > 0 ? [[own('Open findings'), stacked(findings.map(openFindings))]] : []),
      ...(run ? [[own('Attempt'), line`${run.attempt} of this scenario on that day (UTC)`]] : []),
    ],
  );
}

function broken({plan, steps, injected, fault, origin, account}: ReportModel): Line {
  if (!injected) return own('Nothing: no fault was injected.');
  const went = new Set(account?.faults.flatMap(({path, out}) => (out === undefined ? [] : [path])));
  const faults = steps
    .filter(({path}) => went.has(path))
    .map(({uses, form, text: words, hit, name}): Line => {
      const action = uses ? line`${code(uses)}` : outside(name ?? words ?? form);
      const targets = hit.slice(0, 4).map((target) => code(targetText(target)));
      const more = hit.length > 4 ? line` and ${hit.length - 4} more` : [];
      return targets.length > 0 ? line`${action} on ${commas(targets)}${more}` : action;
    });
  const all = faults.length > 0 ? stacked(faults) : line`the fault of a ${plan?.type ?? 'drill'}`;
  return fault ? line`${all}, at ${own(stamp({origin}, fault))}` : all;
}

function where({context, version, nodes, environment}: NonNullable<ReportModel['cluster']>): Line {
  const count = own(`${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`);
  return line`${code(context)} (${environment}), Kubernetes ${version}, ${count}`;
}

/** Part of the figure is what the drill did itself: a reader must not take it for the platform's doing. */
function recovery({steps, account}: ReportModel): Line {
  const cures = account?.cures ?? [];
  const changed = new Set(cures.flatMap((cure) => (cure.changed ? [cure.path] : [])));
  const done = steps.filter(({path}) => changed.has(path));
  if (done.length === 0) {
    return own(
      cures.length === 0
        ? 'Nothing: the platform was left to itself.'
        : 'Nothing: no step of the recovery changed anything.',
    );
  }
  return stacked(
    done.map((step) => {
      const whose = step.form === 'undo' ? own(', by which the drill took its own change back') : [];
      const took = step.ended === undefined ? [] : own(` (${duration(step.ended - (step.started ?? 0), 10)})`);
      const broke = cures.find(({path}) => path === step.path)?.broke;
      return line`${what(step)}${broke ? line` ${strong(brokeWords[broke])}` : []}${took}${broke ? [] : whose}`;
    }),
  );
}

const commas = (pieces: readonly Line[number][]): Line =>
  pieces.flatMap((piece, index): Line => (index === 0 ? [piece] : [{kind: 'own', text: ', '}, piece]));

function impact(model: ReportModel): Line {
  const {services, plan} = model;
  const stable = plan ? ` (good for ${duration(plan.stableFor)} without a break)` : '';
  const seen = services.flatMap(({name, by, assessment}): Line[] => {
    if (!assessment) return [];
    const {unavailable, outages, longestGap, recovered} = assessment;
    if (outages.length === 0) {
      const bad = tolerated(assessment) ?? 'no bad sample';
      return [line`${code(name)}: ${own(bad)}; an outage of up to ${own(atMost(longestGap))} could have gone unseen`];
    }
    const several = outages.length === 1 ? 'in one outage' : `in ${outages.length} outages, together`;
    // What was bad before the cure is in the figure, but not among the cure's outages.
    const times = by === 'recover' ? 'since the fault' : several;
    const end = recovered ? `back for good${stable}` : strong('not back for good');
    const figures = range(unavailable.min, unavailable.max);
    const eyes = new Set(outages.flatMap(({firstBad, lastBad}) => [firstBad.series, lastBad.series]));
    const seenBy = line` (seen by ${joined(
      [...eyes].map((series) => [code(series)]),
      ', ',
    )})`;
    return [
      line`${code(name)}: ${strong(figures)} ${own(times)}${seenBy}; ${typeof end === 'string' ? own(end) : end}`,
    ];
  });
  const silent = unnoticedText(model);
  const warned = silent === undefined ? seen : [...seen, line`${strong(silent)}`];
  return seen.length > 0 ? stacked(warned) : own('Nothing was measured.');
}

function losses({plan, canaries}: ReportModel): Line {
  const data =
    canaries.length > 0
      ? canaries.map(lostData)
      : [own('Not measured: this drill writes no data of its own that could be counted.')];
  const accepted = (plan?.accept ?? []).map(
    ({loss, of, reason}) =>
      line`${strong('accepted')} beforehand: ${loss}${of ? line` of ${of.join(', ')}` : []} (${reason})`,
  );
  return stacked([...data, ...accepted]);
}

/** What one canary says: writes, and the time that they stand for. */
function lostData(canary: CanaryReport): Line {
  const {name, loss, basis, note} = canary;
  const time = canary.bound ? line`; ${own(figure(canary))} of data${own(basis ? ` (${basis})` : '')}` : [];
  const remark = note ? line`; ${note}` : [];
  if (!loss) return line`${code(name)}: not counted${time}${remark}`;
  const perhaps = loss.perhapsLost > 0 ? line`, perhaps ${loss.perhapsLost} more` : [];
  return line`${code(name)}: ${strong(`${loss.lost} of ${loss.acknowledged}`)} acknowledged writes lost${perhaps}${time}${remark}`;
}

function leftToDo(model: ReportModel, {cleanup, verdict}: VerdictResult): Line {
  const {mutations, run, findings} = model;
  const open = [
    ...(cleanup === 'dirty'
      ? [
          line`${strong('Yes')}: ${leftText(model)} (see Changes and undo); run ${code(`kubedrill rollback ${run?.run.id ?? 'RUN'}`)}`,
        ]
      : []),
    ...(verdict === 'passed' ? [] : [line`${strong('Yes')}: ${own(follows[verdict])}`]),
    ...(findings.length === 0 ? [] : [line`${strong('Yes')}: ${findings.length} open from earlier runs, below`]),
  ];
  // That nothing is left is no answer of its own beside what is to do, but one that is looked for.
  const clean =
    mutations.length === 0
      ? 'nothing was changed'
      : `every change was taken back, healed, or kept as the recovery${seenText(model)}`;
  if (open.length > 0)
    return stacked([
      ...open,
      ...(cleanup === 'dirty' ? [] : [own(`Nothing is left behind: ${clean}`)]),
      ...unwatched(model),
    ]);
  return stacked([own(`No: ${clean}, and no finding is open.`), ...unwatched(model)]);
}

/** What programs changed: anything, and nobody can look everywhere. */
function unwatched({mutations}: ReportModel): Line[] {
  const programs = mutations.filter(
    ({target, applied, outstanding}) => isOutside(target) && applied !== 'no' && !outstanding,
  );
  return programs.map(({step, phase, undo, detail}) => {
    const state =
      undo === 'kept' ? own('it stays, as the recovery') : outside(detail ?? 'its undo says that it is taken back');
    return line`What ${code(step ?? phase)} changed by a program is compared only where the drill looked: ${state}`;
  });
}

/** How far it was looked whether all is as before. */
function seenText({compared, plan}: ReportModel): string {
  if (compared === undefined) return plan?.compareOff === undefined ? '' : ' (not compared: the scenario says so)';
  return compared.unseen.length === 0 ? ' and all is as before' : ' and, as far as could be seen, all is as before';
}

/** What somebody has to do about a run that did not pass. */
const follows: Readonly<Record<Exclude<VerdictResult['verdict'], 'passed'>, string>> = {
  failed: 'find out why it was missed, and note it with an owner in findings.yaml',
  inconclusive: 'nothing is proven yet; see below why, and what to do before it is run again',
  aborted: 'it was ended early; run it again',
  refused: 'clear what it was refused for, and run it again',
  error: 'clear what went wrong, and run it again',
};

function reasons({guards, steps}: ReportModel, {reasons: why, verdict, advice: ways = []}: VerdictResult): Block[] {
  if (why.length === 0) return [];
  const hints = [
    ...guards.flatMap(({ok, hint}) => (ok || hint === undefined ? [] : [hint])),
    ...steps.flatMap(({error}) => error?.hint ?? []),
  ];
  const advice = list([...[...new Set(hints)].map(outside), ...ways.map(ownWords)]);
  return section(
    `Why ${verdict}`,
    ...list(why.map(outside)),
    ...(advice.length > 0 ? [{kind: 'paragraph' as const, line: own('What to do:')}, ...advice] : []),
  );
}

function missing({damage}: ReportModel): Block[] {
  return section('Missing from the record', ...list(damage.map(outside)));
}
