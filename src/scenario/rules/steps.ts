import type {Problem} from '../problems.ts';
import {objectOf, type StepEntry, type StepForm, type View} from '../view.ts';

type Report = (problem: Problem) => void;

/** Keys that belong to one form of step and mean nothing in another. */
const keysOfForm: Readonly<Record<string, StepForm>> = {
  with: 'uses',
  within: 'waitFor',
  every: 'waitFor',
  stableFor: 'waitFor',
  role: 'manual',
  expected: 'manual',
  unattended: 'manual',
};

/** A step has exactly one form, the keys of that form, and stands in a phase where it makes sense. */
export function checkSteps(view: View, report: Report): void {
  for (const step of view.steps) {
    checkForm(step, report);
    checkWaitFor(step, report);
    const {path, raw, phase, forms} = step;
    if (raw.undo !== undefined && phase !== 'recover') {
      report({path: [...path, 'undo'], key: true, code: 'E_FORM', message: '`undo` can stand in recover only'});
    }
    if (raw.parallel !== undefined && step.inParallel) {
      report({
        path: [...path, 'parallel'],
        key: true,
        code: 'E_FORM',
        message: '`parallel` cannot stand in `parallel`',
      });
    }
    if (forms.includes('pause') && raw.timeout !== undefined) {
      report({path: [...path, 'timeout'], key: true, code: 'E_FORM', message: 'a pause has no timeout'});
    }
  }
}

function checkForm({path, raw, forms, inParallel}: StepEntry, report: Report): void {
  const known = inParallel ? 'uses, waitFor, manual, pause, undo' : 'uses, waitFor, manual, pause, parallel, undo';
  if (forms.length === 0) {
    report({path, code: 'E_FORM', message: 'this step does nothing', hint: `It needs exactly one of ${known}.`});
    return;
  }
  if (forms.length > 1) {
    const message = `a step has exactly one of ${known}; this one has ${forms.join(' and ')}`;
    report({path: [...path, forms[1] ?? ''], key: true, code: 'E_FORM', message});
    return;
  }
  for (const [key, form] of Object.entries(keysOfForm)) {
    if (raw[key] === undefined || forms[0] === form) continue;
    report({
      path: [...path, key],
      key: true,
      code: 'E_FORM',
      message: `\`${key}\` goes with \`${form}\`, and this step has \`${forms[0]}\``,
    });
  }
}

function checkWaitFor({path, raw, forms}: StepEntry, report: Report): void {
  if (!forms.includes('waitFor')) return;
  const {probe, uses, ...rest} = objectOf(raw.waitFor);
  const place = [...path, 'waitFor'];
  if ((probe === undefined) === (uses === undefined)) {
    report({path: place, code: 'E_FORM', message: '`waitFor` needs exactly one of probe and uses'});
  } else if (probe !== undefined && Object.keys(rest).length > 0) {
    const [key = ''] = Object.keys(rest);
    report({
      path: [...place, key],
      key: true,
      code: 'E_FORM',
      message: `\`${key}\` goes with \`uses\`; the probe has its own`,
    });
  }
  if (raw.within === undefined) {
    report({
      path,
      code: 'E_MISSING_KEY',
      message: '`waitFor` needs `within`',
      hint: 'How long is this to wait at most? For example within: 2m.',
    });
  }
}
