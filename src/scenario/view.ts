import {isJsonObject, type Json, type JsonObject} from '../io/json.ts';
import type {Path} from './diagnostics.ts';
import {stepForms} from './schema/steps.ts';

export const stepPhases = ['prepare', 'inject', 'recover'] as const;
export type StepPhase = (typeof stepPhases)[number];
export type StepForm = (typeof stepForms)[number];

/** An object of the document with its place. Nothing about it is certain: it may not have passed the schema. */
export interface Entry {
  path: Path;
  raw: JsonObject;
  /** `name` or the key under which it stands, when that is text. */
  name?: string;
}

export interface StepEntry extends Entry {
  phase: StepPhase;
  /** Position among all steps; the steps of one `parallel` share it. */
  order: number;
  id?: string;
  forms: StepForm[];
  inParallel: boolean;
}

/** The parts of a scenario that refer to each other, read from data that may break the schema. */
export interface View {
  type: Json | undefined;
  spec: JsonObject;
  steps: StepEntry[];
  probes: Entry[];
  canaries: Entry[];
  services: Entry[];
  objectives: Entry[];
  checks: Entry[];
  /** `effect.prove`. */
  proof: Entry | undefined;
  vars: Entry[];
}

/** Reads a {@link View} from a document's value. Total: what does not have the right shape is left out. */
export function viewOf(value: Json): View {
  const spec = objectOf(objectOf(value).spec);
  const {prove} = objectOf(spec.effect);
  return {
    type: spec.type,
    spec,
    steps: stepsOf(spec),
    probes: listed(spec.probes, ['spec', 'probes']),
    canaries: listed(spec.canaries, ['spec', 'canaries']),
    services: keyed(spec.services, ['spec', 'services']),
    objectives: listed(spec.objectives, ['spec', 'objectives']),
    checks: listed(objectOf(spec.verify).checks, ['spec', 'verify', 'checks']),
    proof: isJsonObject(prove) ? {path: ['spec', 'effect', 'prove'], raw: prove} : undefined,
    vars: keyed(spec.vars, ['spec', 'vars']),
  };
}

/** The value when it is an object, else an empty one. */
export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** The value when it is a list, else an empty one. */
export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** The value when it is text. */
export const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

function listed(value: Json | undefined, path: Path): Entry[] {
  return listOf(value).flatMap((raw, index) => {
    if (!isJsonObject(raw)) return [];
    const name = textOf(raw.name);
    return [{path: [...path, index], raw, ...(name === undefined ? {} : {name})}];
  });
}

const keyed = (value: Json | undefined, path: Path): Entry[] =>
  Object.entries(objectOf(value)).flatMap(([name, raw]) =>
    isJsonObject(raw) ? [{path: [...path, name], raw, name}] : [],
  );

function stepsOf(spec: JsonObject): StepEntry[] {
  const steps: StepEntry[] = [];
  let order = 0;
  for (const phase of stepPhases) {
    for (const entry of listed(spec[phase], ['spec', phase])) {
      order++;
      steps.push(stepEntry(entry, phase, order, false));
      for (const inner of listed(entry.raw.parallel, [...entry.path, 'parallel'])) {
        steps.push(stepEntry(inner, phase, order, true));
      }
    }
  }
  return steps;
}

function stepEntry({path, raw}: Entry, phase: StepPhase, order: number, inParallel: boolean): StepEntry {
  const id = textOf(raw.id);
  const forms = stepForms.filter((form) => Object.hasOwn(raw, form));
  return {path, raw, phase, order, forms, inParallel, ...(id === undefined ? {} : {id})};
}
