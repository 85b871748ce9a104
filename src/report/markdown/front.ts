import {atMost, duration, figure, percent, range} from '../figures.ts';
import {countedFrom} from '../sentence.ts';
import type {ObjectiveReport, ReportModel, VerdictResult} from '../types.ts';
import {code, table, text} from './escape.ts';
import {stamp} from './time.ts';

/** Page one: what was broken, for how long, whether the target was met, what is left to do. */
export function frontPage(model: ReportModel, result: VerdictResult): string[] {
  const {run} = model;
  const title = run ? [`**${text(run.scenario.title)}** · ${code(run.run.id)}`, ''] : [];
  return [...title, ...answers(model, result), ...reasons(model, result), ...missing(model)];
}

function answers(model: ReportModel, result: VerdictResult): string[] {
  return table(
    ['Question', 'Answer'],
    [
      ['What was broken', broken(model)],
      ['What users saw', impact(model)],
      ...model.objectives.map((objective) => [objectiveTitle(objective), objectiveAnswer(objective)]),
      ['What was lost', losses(model)],
      ['Is anything left to do', leftovers(model, result)],
      ...(model.run ? [['Attempt', `${model.run.attempt} of this scenario on that day (UTC)`]] : []),
    ],
  );
}

function broken({plan, steps, injected, fault, origin}: ReportModel): string {
  if (!injected) return 'nothing: no fault was injected';
  const faults = steps
    .filter(({phase, started}) => phase === 'inject' && started !== undefined)
    .map(({uses, form, text: words, hit, name}) => {
      const what = uses ? code(uses) : text(name ?? words ?? form);
      const targets = hit
        .slice(0, 4)
        .map(({kind, namespace, name: target}) => code(`${kind} ${namespace ? `${namespace}/` : ''}${target}`));
      const more = hit.length > 4 ? ` and ${hit.length - 4} more` : '';
      return targets.length > 0 ? `${what} on ${targets.join(', ')}${more}` : what;
    });
  const when = fault ? ` at ${stamp({origin}, fault)}` : '';
  return `${faults.join('; ') || `the fault of a ${plan?.type ?? 'drill'}`}${when}`;
}

function impact({services}: ReportModel): string {
  const seen = services.flatMap(({name, assessment}) => {
    if (!assessment) return [];
    const {unavailable, outages, longestGap, recovered} = assessment;
    const [first] = outages;
    if (!first)
      return [`${code(name)}: no bad sample; an outage of up to ${atMost(longestGap)} could have gone unseen`];
    const times = outages.length === 1 ? 'one outage' : `${outages.length} outages`;
    const end = recovered ? '' : ', not back for good';
    return [`${code(name)}: ${times}, unavailable for ${range(unavailable.min, unavailable.max)} in all${end}`];
  });
  return seen.length > 0 ? seen.join('<br>') : 'nothing was measured';
}

/** `RTO of dns`. */
export function objectiveTitle({metric, of}: ObjectiveReport): string {
  const name = {
    rto: 'RTO',
    rpo: 'RPO',
    detection: 'Detection',
    restoreTime: 'Restore time',
    availability: 'Availability',
    backupAge: 'Age of the backup',
  }[metric];
  return of ? `${name} of ${code(of)}` : name;
}

function objectiveAnswer(objective: ObjectiveReport): string {
  const {target, result, margin, from, note} = objective;
  const goal = target === undefined ? 'no target is set' : `target ${duration(target)}`;
  const words = {
    met: '**met**',
    breached: '**breached**',
    inconclusive: '**inconclusive**',
    'no-target': 'no target',
    'not-measured': '**not measured**',
  }[result];
  const left = margin === undefined || margin < 0 ? '' : `, margin ${percent(margin)}`;
  const counted = from ? `, ${countedFrom[from]}` : '';
  return `${words}: ${figure(objective)}${counted}; ${goal}${left}${note ? `; ${text(note)}` : ''}`;
}

function losses({plan}: ReportModel): string {
  const accepted = plan?.accept ?? [];
  const count = accepted.length === 1 ? '1 accepted loss' : `${accepted.length} accepted losses`;
  return accepted.length === 0 ? 'no loss is declared; data was not measured in this drill' : `${count}, listed below`;
}

function leftovers({mutations, run}: ReportModel, {cleanup}: VerdictResult): string {
  if (cleanup === 'clean')
    return mutations.length === 0
      ? 'no: nothing was changed'
      : 'no: every change was taken back, healed or kept as the recovery';
  const left = mutations.filter(({outstanding}) => outstanding);
  return `**yes**: ${left.length} not taken back (see Changes and undo); run ${code(`kubedrill rollback ${run?.run.id ?? 'RUN'}`)}`;
}

function reasons({guards, steps}: ReportModel, {reasons: why, verdict}: VerdictResult): string[] {
  if (why.length === 0) return [];
  const hints = [
    ...guards.flatMap(({ok, hint}) => (ok || hint === undefined ? [] : [hint])),
    ...steps.flatMap(({error}) => error?.hint ?? []),
  ];
  const advice = [...new Set(hints)].map((hint) => `- ${text(hint)}`);
  return [
    `## Why ${verdict}`,
    '',
    ...why.map((reason) => `- ${text(reason)}`),
    '',
    ...(advice.length > 0 ? ['What to do:', '', ...advice, ''] : []),
  ];
}

function missing({damage}: ReportModel): string[] {
  if (damage.length === 0) return [];
  return ['## Missing from the record', '', ...damage.map((what) => `- ${text(what)}`), ''];
}
