import {closest} from '../../io/closest.ts';
import type {Json} from '../../io/json.ts';
import type {Path} from '../diagnostics.ts';
import type {Problem} from '../problems.ts';
import {found} from '../shape.ts';
import {type Entry, listOf, objectOf, textOf, type View} from '../view.ts';

type Report = (problem: Problem) => void;

/** Names and ids stand once, and whatever refers to one refers to one that exists. */
export function checkNames(view: View, report: Report): void {
  unique(
    view.steps.map(({id, ...entry}) => ({...entry, ...(id === undefined ? {} : {name: id})})),
    'id',
    'step',
    report,
  );
  unique(view.probes, 'name', 'probe', report);
  unique(view.canaries, 'name', 'canary', report);
  unique(view.checks, 'name', 'check', report);
  const probes = names(view.probes);
  const services = names(view.services);
  const canaries = names(view.canaries);
  const refer = (path: Path, value: Json | undefined, known: readonly string[], what: string) => {
    if (typeof value !== 'string' || known.includes(value)) return;
    const meant = closest(value, known);
    const hint = meant ? `Did you mean "${meant}"?` : known.length > 0 ? `Known: ${known.join(', ')}.` : undefined;
    report({path, code: 'E_REFERENCE', message: `there is no ${what} ${found(value)}`, hint});
  };
  for (const {path, raw} of view.services) {
    listOf(raw.up).forEach((name, index) => {
      refer([...path, 'up', index], name, probes, 'probe');
    });
  }
  for (const {path, raw} of view.steps) {
    refer([...path, 'waitFor', 'probe'], objectOf(raw.waitFor).probe, probes, 'probe');
  }
  for (const {path, raw} of view.objectives) {
    const place = [...path, 'of'];
    if (raw.rpo !== undefined) refer(place, raw.of, canaries, 'canary');
    else if (raw.backupAge !== undefined) refer(place, raw.of, ['recoveryPoint'], 'recovery point');
    else if (raw.detection !== undefined) refer(place, raw.of, [...services, ...probes], 'service or probe');
    else refer(place, raw.of, services, 'service');
  }
  listOf(view.spec.stopWhen).forEach((condition, index) => {
    const raw = objectOf(condition);
    const path: Path = ['spec', 'stopWhen', index];
    refer([...path, 'service'], raw.service, services, 'service');
    refer([...path, 'probe'], raw.probe, probes, 'probe');
    if ((raw.service === undefined) === (raw.probe === undefined)) {
      report({path, code: 'E_FORM', message: 'a condition of stopWhen names exactly one service or probe'});
    }
  });
  checkUndo(view, report);
}

const names = (entries: readonly Entry[]): string[] => entries.flatMap(({name}) => (name === undefined ? [] : [name]));

function unique(entries: readonly Entry[], key: string, what: string, report: Report): void {
  const seen = new Set<string>();
  for (const {name, path} of entries) {
    if (name === undefined) continue;
    if (seen.has(name))
      report({
        path: [...path, key],
        code: 'E_DUPLICATE_NAME',
        message: `there are two ${plural(what)} named "${name}"`,
      });
    seen.add(name);
  }
}

const plural = (what: string): string => (what === 'canary' ? 'canaries' : `${what}s`);

/** `undo` names a step that uses an action and was played before. */
function checkUndo(view: View, report: Report): void {
  const undone = new Set<string>();
  for (const step of view.steps) {
    const id = textOf(step.raw.undo);
    if (id === undefined) continue;
    const path = [...step.path, 'undo'];
    const fail = (message: string, hint?: string) => report({path, code: 'E_REFERENCE', message, hint});
    const target = view.steps.find((other) => other.id === id);
    const ids = view.steps.flatMap((other) => (other.phase === 'inject' && other.id !== undefined ? [other.id] : []));
    const meant = closest(id, ids);
    if (!target)
      fail(
        `there is no step with id "${id}"`,
        meant ? `Did you mean "${meant}"?` : `Steps of inject with an id: ${ids.join(', ') || 'none'}.`,
      );
    else if (target.order >= step.order) fail(`step "${id}" is not played before this one`);
    else if (!target.forms.includes('uses')) fail(`step "${id}" uses no action: there is nothing to undo`);
    else if (target.phase !== 'inject') fail(`step "${id}" is no fault: only a step of inject can be undone by a step`);
    else if (undone.has(id)) fail(`step "${id}" is undone twice`);
    undone.add(id);
  }
}
