import {messageOf} from '../../io/errors.ts';
import type {JsonObject} from '../../io/json.ts';
import type {Sample} from '../../io/sample.ts';
import {type Sampler, startSampler} from '../../measure/sampler.ts';
import {type MeansAtHand, meansFor} from '../../outside/means.ts';
import type {ProbeContext, Reading} from '../../probes/define.ts';
import {probeOf} from '../../probes/index.ts';
// Not scenario/index.ts: the prober is a small program and reads no YAML.
import {compileExpect} from '../../scenario/expressions/cel.ts';
import {makeJudge} from './judge.ts';

/** A probe as its sampler needs it; times in milliseconds. */
interface SampledProbe {
  name: string;
  uses: string;
  with: JsonObject;
  expect?: string | undefined;
  every: number;
  timeout: number;
}

/** What the probes of one place share, and who is told. The callbacks must not throw. */
export interface SamplingOptions {
  probes: readonly SampledProbe[];
  context: Omit<ProbeContext, 'timeout' | 'judge'>;
  /** Means at hand where they sample; absent: none. */
  means?: MeansAtHand;
  /** Variables that every `expect` may name. */
  scope: JsonObject;
  onSample: (probe: string, sample: Sample, skipped: number) => void;
  /** Each probe's control, once. */
  onControl: (probe: string, reading: Reading) => void;
}

/**
 * Samples probes from one place. A probe's control is asked once, as soon as the probe itself was ok: a control that is
 * bad while everything is down would show nothing. Throws when an input or an `expect` is wrong.
 */
export function startSampling(options: SamplingOptions): Sampler {
  const {context, onSample, onControl} = options;
  const prepared = options.probes.map((probe) => prepare(probe, options));
  const controls = new Map(prepared.map(({probe, control}) => [probe.name, control]));
  const askControl = async (name: string) => {
    const control = controls.get(name);
    if (!control) return;
    controls.delete(name);
    const reading = await control();
    if (reading.state === 'blind') controls.set(name, control);
    else onControl(name, reading);
  };
  return startSampler({
    series: prepared.map(({probe, sample}) => ({name: probe.name, every: probe.every, sample})),
    clock: context.clock,
    onSample: (name, sample, skipped) => {
      onSample(name, sample, skipped);
      if (sample.state === 'ok') void askControl(name);
    },
  });
}

function prepare(probe: SampledProbe, {context, scope, means = {}}: SamplingOptions) {
  const definition = probeOf(probe.uses);
  const {look} = meansFor(definition, means);
  const input = definition.input.parse(probe.with);
  const expect = compileExpect(probe.expect ?? definition.defaultExpect);
  const ask = (variant: unknown) => async (): Promise<Reading> => {
    const judge = makeJudge(definition, variant, expect, scope);
    try {
      return await definition.sample({...look, ...context, timeout: probe.timeout, judge}, variant);
    } catch (error) {
      // A probe never rejects; should one do so, its question was not asked.
      return {state: 'blind', detail: messageOf(error)};
    }
  };
  const variant = definition.control?.(input);
  return {probe, sample: ask(input), control: variant === undefined ? undefined : ask(variant)};
}
