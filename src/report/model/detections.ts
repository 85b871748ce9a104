import type {PlanRecord} from '../../journal/plan.ts';
import {type AlignedSeries, detectionOf, firstDetection, type Window} from '../../measure/index.ts';
import type {DetectionReport, SeriesReport} from '../types.ts';

/** What every probe that watches for the disaster says: when it turned good for the first time after the fault. */
export function reportDetections(
  plan: PlanRecord,
  series: readonly SeriesReport[],
  aligned: readonly AlignedSeries[],
  window: Window | undefined,
): DetectionReport[] {
  if (!window) return [];
  return plan.probes
    .filter(({detector}) => detector === true)
    .map(({name, uses}) => {
      const own = aligned.filter((_, index) => series[index]?.probe === name);
      return {probe: name, uses, ...firstDetection(own.map((one) => detectionOf(one, window)))};
    });
}
