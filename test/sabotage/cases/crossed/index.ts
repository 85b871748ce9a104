import {canaryAxis} from './canaries.ts';
import {checkAxis} from './checks.ts';
import {faultAxis} from './faults.ts';
import {probeAxis} from './probes.ts';
import {stepAxis} from './steps.ts';
import type {Axis} from './table.ts';

/** The whole table: each kind of fault, check, probe, canary and step form, by when or by whom the drill is spoiled. */
export const crossed = {
  fault: faultAxis,
  check: checkAxis,
  probe: probeAxis,
  canary: canaryAxis,
  step: stepAxis,
} satisfies Record<string, Axis>;
