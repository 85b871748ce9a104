import type {ProbeRecord} from '../../journal/plan.ts';
import {createControls, hasControl} from './controls.ts';
import type {OpenedSeries, ProbingHandle, ProbingListener} from './handle.ts';
import {type SamplingOptions, startSampling} from './sampling.ts';

export interface RunnerProbesOptions extends Pick<SamplingOptions, 'context' | 'scope' | 'means'>, ProbingListener {
  /** Those with `from: runner`. */
  probes: readonly ProbeRecord[];
}

/** Samples the probes with `from: runner` in this process, on the runner's own clock. */
export function startRunnerProbes({probes, record, onSample, ...options}: RunnerProbesOptions): ProbingHandle {
  const series = new Map(
    probes.map(({name}): [string, OpenedSeries] => [
      name,
      {series: name, probe: name, file: `series/${name}.jsonl`, clock: 'runner'},
    ]),
  );
  if (series.size > 0) record({type: 'clock.measured', clock: 'runner', offset: 0, error: 0});
  for (const opened of series.values()) record({type: 'series.opened', ...opened});
  const controls = createControls(options.context.clock);
  for (const probe of probes) if (hasControl(probe)) controls.expect(probe.name);
  const sampler = startSampling({
    ...options,
    probes,
    onSample: (name, sample) => {
      const opened = series.get(name);
      if (opened) onSample(opened, sample, sample.start);
    },
    onControl: controls.answered,
  });
  return {
    pods: [],
    series: [...series.values()],
    controls: controls.all,
    measureClock: async () => {},
    stop: () => sampler.stop(),
  };
}
