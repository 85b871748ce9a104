import type {Problem} from '../problems.ts';
import {metrics} from '../schema/measuring.ts';
import {listOf, objectOf, type View} from '../view.ts';
import {probeOfKind} from './kinds.ts';

type Report = (problem: Problem) => void;

/** What each type of scenario has to have, and must not have, for its verdict to mean something. */
export function checkType(view: View, report: Report): void {
  const {spec, type} = view;
  const needs = (key: string, why: string) => {
    const value = spec[key];
    const empty =
      value === undefined ||
      (Array.isArray(value) && value.length === 0) ||
      (Object.keys(objectOf(value)).length === 0 && !Array.isArray(value));
    if (empty)
      report({path: ['spec'], code: 'E_TYPE_RULE', message: `a scenario of type ${type} needs \`${key}\``, hint: why});
  };
  const forbids = (key: string, why: string) => {
    if (spec[key] !== undefined)
      report({
        path: ['spec', key],
        key: true,
        code: 'E_TYPE_RULE',
        message: `a scenario of type ${type} has no \`${key}\``,
        hint: why,
      });
  };
  if (type === 'disaster' || type === 'redundancy') {
    needs('inject', 'What breaks?');
    needs('probes', 'Without samples nothing can be said about what users saw.');
    needs('services', 'Which probes are the view of a user?');
    needs('stopWhen', 'When is the drill to be ended early? stopWhen: {none: <reason>} says never.');
  }
  if (type === 'disaster') {
    needs('objectives', 'What is the target, for example an rto?');
  }
  if (type === 'redundancy') {
    for (const {path, raw} of view.services) {
      const {outage} = raw;
      if (outage === undefined || outage === 'none') continue;
      report({
        path: [...path, 'outage'],
        code: 'E_TYPE_RULE',
        message: 'in a scenario of type redundancy every service has outage: none',
      });
    }
  }
  if (type === 'rehearsal') {
    forbids('inject', 'A rehearsal leaves the original alone.');
    needs('recover', 'Which steps restore the copy?');
    const has = view.objectives.some(({raw}) => raw.restoreTime !== undefined);
    if (!has) report({path: ['spec'], code: 'E_TYPE_RULE', message: 'a rehearsal needs an objective `restoreTime`'});
    noOutage(view, report);
  }
  if (type === 'inspection') {
    for (const key of ['inject', 'recover', 'services', 'objectives', 'effect'])
      forbids(key, 'An inspection only asks.');
    if (view.checks.length === 0)
      report({path: ['spec', 'verify'], code: 'E_TYPE_RULE', message: 'an inspection needs checks'});
    for (const {path, raw} of view.checks) {
      if (raw.control !== undefined) continue;
      const hint = 'A check that was never seen to fail proves nothing.';
      report({path, code: 'E_TYPE_RULE', message: 'in an inspection every check needs a `control`', hint});
    }
    for (const {path, raw} of view.checks) {
      for (const key of ['before', 'broken'].filter((moment) => objectOf(raw.states)[moment] !== undefined)) {
        const hint = 'It is asked once, as `after`; its control shows that it can fail.';
        const message = `in an inspection nothing is broken: a check has no \`states.${key}\``;
        report({path: [...path, 'states', key], key: true, code: 'E_TYPE_RULE', message, hint});
      }
    }
  }
  if (type === 'disaster' || type === 'redundancy') checkBlastRadius(view, report);
  checkProtected(view, report);
  checkObjectives(view, report);
}

function noOutage({services}: View, report: Report): void {
  for (const {path, raw} of services) {
    if (raw.outage !== 'required') continue;
    report({
      path: [...path, 'outage'],
      code: 'E_TYPE_RULE',
      message: 'a rehearsal breaks nothing, so that no outage can be required',
    });
  }
}

/** A drill with a fault says how much it may hit. */
function checkBlastRadius({spec}: View, report: Report): void {
  const {maxTargets, wholeCluster} = objectOf(spec.target);
  if (listOf(spec.inject).length === 0 || maxTargets !== undefined || wholeCluster === true) return;
  const hint = 'How many objects may the fault hit? Or wholeCluster: true, where it touches everything.';
  report({path: ['spec', 'target'], code: 'E_MISSING_KEY', message: 'spec.target: "maxTargets" is missing', hint});
}

/** An exception from the protection is narrow. */
function checkProtected({spec}: View, report: Report): void {
  listOf(objectOf(spec.target).allowProtected).forEach((entry, index) => {
    const {selector, name} = objectOf(entry);
    if ((selector === undefined) !== (name === undefined)) return;
    const message = 'an exception from the protection names exactly one of selector and name';
    report({path: ['spec', 'target', 'allowProtected', index], code: 'E_FORM', message});
  });
}

/** By an alert that no service is built on, or by a person. */
function canBeDetected({probes, services, steps}: View): boolean {
  const up = services.flatMap(({raw}) => listOf(raw.up));
  return (
    probes.some(({raw, name = ''}) => probeOfKind(raw.uses)?.detector === true && !up.includes(name)) ||
    steps.some(({raw}) => raw.marks === 'detected')
  );
}

function checkObjectives(view: View, report: Report): void {
  const {objectives, canaries, spec} = view;
  for (const {path, raw} of objectives) {
    const own = metrics.filter((metric) => raw[metric] !== undefined);
    const [metric] = own;
    if (own.length !== 1 || metric === undefined) {
      report({path, code: 'E_FORM', message: `an objective has exactly one of ${metrics.join(', ')}`});
      continue;
    }
    const counted = metric === 'rto' || metric === 'detection';
    if (counted && raw.from === undefined) {
      const hint =
        'fault (the call), impact (first bad sample), declared, or recovery (first recover step)? A figure means nothing without it.';
      report({path, code: 'E_MISSING_KEY', message: `an objective \`${metric}\` needs \`from\``, hint});
    }
    if (!counted && raw.from !== undefined) {
      report({path: [...path, 'from'], key: true, code: 'E_FORM', message: `\`${metric}\` has no \`from\``});
    }
    if (raw.of === undefined && (metric === 'rto' || metric === 'rpo' || metric === 'availability')) {
      report({
        path,
        code: 'E_MISSING_KEY',
        message: `an objective \`${metric}\` needs \`of\`: the ${metric === 'rpo' ? 'canary' : 'service'} it is about`,
      });
    }
    if (metric === 'rpo' && canaries.length === 0) {
      report({
        path,
        code: 'E_TYPE_RULE',
        message: 'an rpo needs canaries: without numbered writes no loss can be counted',
      });
    }
    if (metric === 'detection' && !canBeDetected(view)) {
      report({
        path,
        code: 'E_TYPE_RULE',
        message: 'nothing in this scenario can detect the disaster',
        hint: 'Add a probe of the kind prometheus or alertmanager that no service names, or a manual step with marks: detected.',
      });
    }
    if (metric === 'backupAge' && spec.recoveryPoint === undefined) {
      report({path, code: 'E_TYPE_RULE', message: 'a backupAge needs a recoveryPoint'});
    }
  }
}
