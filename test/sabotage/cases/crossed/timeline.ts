import {systemClock} from '../../../../src/io/clock.ts';
import type {Sample} from '../../../../src/io/sample.ts';
import type {JournalEntry} from '../../../../src/journal/types.ts';
import {call, type Loose} from '../../../support/practice.ts';
import type {Parts, Spoiled, Stage} from '../../../support/sabotage.ts';

/** Something that a probe or check looks at, and that an outsider can break and mend. */
export interface Thing {
  down(): unknown;
  up(): unknown;
}

const configMaps = '/api/v1/namespaces/shop/configmaps';
export const mergePatch = {'content-type': 'application/merge-patch+json'};

const patch = (id: string, name: string) =>
  `{id: ${id}, uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: ${name}, patch: {data: {state: changed}}}}`;
/** A fault that is real, is seen by its own effect, and hurts nobody. */
export const turn = patch('turn', 'turned');
/** A cure that changes something. */
export const mend = patch('mend', 'mended');
/** Waits for what {@link give} makes: a step that ends when the outsider has done his part. */
export const signal = (name = 'go') =>
  `{waitFor: {uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: default, name: ${name}}}, within: 30s, every: 100ms}`;

/** What {@link turn} and {@link mend} change. */
export async function furnish({api}: Stage): Promise<void> {
  for (const name of ['turned', 'mended']) {
    await api('POST', configMaps, {metadata: {name}, data: {state: 'as it was'}});
  }
}

/** Ends the step {@link signal}, out of the drill's reach: what is written where a program may have been is told. */
export const give = ({api}: Stage, name = 'go') =>
  api('POST', '/api/v1/namespaces/default/configmaps', {metadata: {name}, data: {go: 'on'}});

/** Room for the drills of this suite. */
export const roomy: Parts = {
  target:
    '{environments: [practice], maxTargets: 20, maxCascade: 20, allowProtected: [{kind: Node, selector: "!node-role.kubernetes.io/control-plane", reason: a test}, {namespace: kube-system, kind: Pod, selector: k8s-app=kube-dns, reason: a test}]}',
  inject: `[${turn}]`,
  recover: `[${mend}]`,
  checks:
    '[{name: the flag, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: turned}, states: {broken: skip}, control: absent}]',
};

/** Too little time for an effect that does not come. */
export const noEffect = {effect: '{within: 300ms}'} as const;

/** Does each deed once, when the phase begins or the step starts or ends: `recover`, `recover.0 ended`. */
export function atSteps(deeds: Readonly<Record<string, () => unknown>>): NonNullable<Spoiled['onEntry']> {
  const open = new Map(Object.entries(deeds));
  return (entry) => {
    const moment = momentOf(entry);
    const deed = open.get(moment);
    open.delete(moment);
    void deed?.();
  };
}

function momentOf(entry: JournalEntry): string {
  if (entry.type === 'phase.entered') return entry.phase;
  if (entry.type === 'step.started') return `${entry.path} started`;
  return entry.type === 'step.ended' ? `${entry.path} ended` : '';
}

/** Waits until probes have seen a change: nothing here waits for a time in which they should have. */
export interface Eyes {
  onSample: NonNullable<Spoiled['onSample']>;
  /** Resolves when each of the series has a sample of that state that began after now. */
  see(state: Sample['state'], names: readonly string[]): Promise<unknown>;
}

export function openEyes(): Eyes {
  let waiting: {name: string; state: string; from: number; resolve: () => void}[] = [];
  return {
    onSample: (series, {state}, at) => {
      const due = waiting.filter((one) => one.name === series && one.state === state && at > one.from);
      waiting = waiting.filter((one) => !due.includes(one));
      for (const {resolve} of due) resolve();
    },
    see: (state, names) => {
      const from = systemClock.mono();
      return Promise.all(
        names.map((name) => new Promise<void>((resolve) => waiting.push({name, state, from, resolve}))),
      );
    },
  };
}

/** Breaks it until that was seen, and mends it until that was seen too. */
export async function flap(thing: Thing, eyes: Eyes, names: readonly string[]): Promise<void> {
  await thing.down();
  await eyes.see('bad', names);
  await thing.up();
  await eyes.see('ok', names);
}

/** Mends it once it was seen down again: what is back in the same instant may have been back before. */
export async function bringBack(thing: Thing, eyes: Eyes, names: readonly string[]): Promise<void> {
  await eyes.see('bad', names);
  await thing.up();
}

/** The front of a stage, that everybody can see. */
export const frontOf = ({front}: Stage): Thing => ({
  down: () => Object.assign(front, {mood: 503}),
  up: () => Object.assign(front, {mood: 200}),
});

/** Reads an object past the proxy. */
export const objectAt = async (stage: Stage, path: string): Promise<Loose> =>
  (await call(stage.cluster, 'GET', path)).body;
