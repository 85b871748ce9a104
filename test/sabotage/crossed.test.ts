import {expect, it} from 'vitest';
import {actions} from '../../src/actions/index.ts';
import {canaries} from '../../src/canary/index.ts';
import {probes} from '../../src/probes/index.ts';
import {stepForms} from '../../src/scenario/schema/steps.ts';
import {faultsOf} from './cases/crossed/faults.ts';
import {crossed} from './cases/crossed/index.ts';
import {columnOf, drillsOf, whens} from './cases/crossed/table.ts';

/** Kinds by the product's own registries: a new one has no row here until somebody writes it. */
const kinds: Readonly<Record<keyof typeof crossed, readonly string[]>> = {
  fault: [...Object.keys(actions), 'manual'],
  check: Object.keys(probes),
  probe: Object.keys(probes),
  canary: Object.keys(canaries),
  step: stepForms,
};

const axes = Object.entries(crossed);
const cells = axes.flatMap(([axis, rows]) =>
  Object.entries(rows).flatMap(([kind, row]) => Object.entries(row).map(([when, cell]) => ({axis, kind, when, cell}))),
);

it.each(axes)('every kind of %s has its row, and no other', (axis, rows) => {
  expect(Object.keys(rows).toSorted()).toEqual(kinds[axis as keyof typeof crossed].toSorted());
});

it('every cell has a drill that is not passed, or says why there can be none', () => {
  for (const {axis, kind, when, cell} of cells) {
    const where = `${axis} ${kind}, ${when}`;
    if ('never' in cell) expect(cell.never.length, where).toBeGreaterThan(20);
    else expect(cell.verdict, where).not.toBe('passed');
  }
  expect(cells).toHaveLength(Object.values(kinds).flat().length * whens.length);
});

it('every column is a word of the account', () => {
  expect([...new Set(Object.values(columnOf))].toSorted()).toEqual(whens.toSorted());
});

it('at least 60 drills are played, and every fault in one of the files', () => {
  expect(axes.flatMap(([, rows]) => drillsOf(rows)).length).toBeGreaterThanOrEqual(60);
  const families = ['workloads', 'nodes', 'objects', 'others'] as const;
  const played = new Set(families.flatMap((family) => faultsOf(family)));
  expect(drillsOf(crossed.fault).filter((one) => !played.has(one))).toEqual([]);
});
