import {atLeast, figure, goal, outwards, percent, room} from '../figures.ts';
import {countedFrom} from '../sentence.ts';
import type {ObjectiveReport, ReportModel} from '../types.ts';
import {code, type Line, line, own, stacked, strong} from './content.ts';

/** Whether each target was met, and by how much. */
export function targets({objectives}: ReportModel): Line {
  const judged = objectives.map((objective) => line`${objectiveTitle(objective)} ${objectiveAnswer(objective)}`);
  return judged.length > 0 ? stacked(judged) : own('There is no target to compare with.');
}

/** `RTO of dns`. */
export function objectiveTitle({metric, of}: ObjectiveReport): Line {
  const name = {
    rto: 'RTO',
    rpo: 'RPO',
    detection: 'Detection',
    restoreTime: 'Restore time',
    availability: 'Availability',
    backupAge: 'Age of the backup',
  }[metric];
  return of ? line`${own(name)} of ${code(of)}` : own(name);
}

function objectiveAnswer(objective: ObjectiveReport): Line {
  const {target, result, from, note} = objective;
  const wanted = target === undefined ? 'no target is set' : `target ${goal(objective)}`;
  const words = {
    met: 'met',
    breached: 'breached',
    inconclusive: 'inconclusive',
    'no-target': 'no target',
    'not-measured': 'not measured',
  }[result];
  const counted = from ? `, counted from ${countedFrom[from]}` : '';
  const facts = own(`: ${figure(objective)}${counted}; ${wanted}${byHowMuch(objective)}`);
  return line`${strong(words)}${facts}${note ? line`; ${note}` : []}`;
}

/** What is left until the target, at least; or how far beyond it the figure is, at least. */
function byHowMuch(objective: ObjectiveReport): string {
  const {target, bound, result} = objective;
  if (target === undefined) return '';
  if (result === 'inconclusive' && bound) return ', which lies inside that range';
  if (result === 'breached' && bound) return `, missed by at least ${distance(missedBy(bound, target))}`;
  const left = room(objective);
  if (left === undefined) return '';
  return `, margin ${left.left === undefined ? '' : `${distance(left.left)}, `}${percent(left.share)}`;
}

/** From the lower end as it is printed, where there is an upper one. */
function missedBy({min, max}: NonNullable<ObjectiveReport['bound']>, target: number): number {
  const low = max === undefined ? min : outwards(min, max).low;
  return (low > target ? low : min) - target;
}

/** Two or three figures are enough. */
const distance = (ms: number): string => atLeast(ms, ms >= 120_000 ? 1000 : ms >= 1000 ? 100 : 10);
