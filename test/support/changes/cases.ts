import {createRandom, type Random} from '../../../src/io/random.ts';
import {canSay, type Edit, edited, type How, meets} from './edits.ts';
import {network} from './network.ts';
import {plain} from './plain.ts';
import {type Change, common, marks, type Specimen} from './specimen.ts';
import {workloads} from './workloads.ts';

/** What the drill does. */
export const doings = ['create', 'apply', 'json', 'merge', 'strategic', 'delete', 'scale'] as const;
/** What else is so, with nothing that a clean run may leave. */
export const circumstances = ['alone', 'stranger', 'defaults', 'owner'] as const;
/**
 * What somebody does meanwhile so that something is lost or left, and nobody is known to have done it: a bystander is
 * deleted, or changed as if by us or by the control plane; the drill's own field, object or what it deleted is.
 */
export const plants = ['lost', 'impostor', 'controlPlane', 'contested', 'gone', 'held', 'remade'] as const;

/** One change of one object. `seed`: of everything else in it. */
export interface ChangeCase {
  specimen: string;
  doing: (typeof doings)[number];
  with: (typeof circumstances)[number] | (typeof plants)[number];
  seed: number;
}

/** All that can be changed, by name. */
export const specimens: Readonly<Record<string, Specimen>> = {...plain, ...network, ...workloads};

/** The ways in which an object of its own can be written. */
export const writes = (doing: ChangeCase['doing']): How | undefined =>
  doing === 'create' || doing === 'delete' || doing === 'scale' ? undefined : doing;

/** Changes in random order, kinds times ways times circumstances, and among them now and then one that is planted. */
export function changeCases(seed: number, size: number, perDrill: number): ChangeCase[][] {
  const random = createRandom(seed);
  const next = (one: Omit<ChangeCase, 'seed'>): ChangeCase => ({...one, seed: Math.floor(random.next() * 2 ** 31)});
  const drills: ChangeCase[][] = [];
  let pool: Omit<ChangeCase, 'seed'>[] = [];
  while (drills.length * perDrill < size) {
    if (pool.length < perDrill) pool = [...pool, ...random.sample(combinations, combinations.length)];
    const isPlanted = random.next() < 0.25;
    const cases = pool.splice(0, isPlanted ? perDrill - 1 : perDrill);
    drills.push([...cases, ...(isPlanted ? random.sample(planted, 1) : [])].map(next));
  }
  return drills;
}

const names = Object.keys(specimens);
const combinations = names.flatMap((specimen) =>
  doings.flatMap((doing) => circumstances.map((one) => ({specimen, doing, with: one}))).filter(isPossible),
);
const planted: Omit<ChangeCase, 'seed'>[] = names.flatMap((specimen) =>
  [
    ...(['lost', 'impostor', 'controlPlane', 'contested', 'gone'] as const).flatMap((one) =>
      (['apply', 'json', 'merge', 'strategic'] as const).map((doing) => ({specimen, doing, with: one})),
    ),
    {specimen, doing: 'delete' as const, with: 'remade' as const},
    {specimen, doing: 'create' as const, with: 'held' as const},
    {specimen, doing: 'create' as const, with: 'gone' as const},
  ].filter(isPossible),
);

function isPossible({specimen, doing, with: one}: Omit<ChangeCase, 'seed'>): boolean {
  const {custom, scale} = specimens[specimen] as Specimen;
  if (doing === 'strategic' && custom) return false;
  if (doing === 'scale') return scale !== undefined && one !== 'defaults';
  const how = writes(doing);
  if (how === undefined) return one !== 'defaults' && !(doing === 'create' && one === 'owner');
  return one !== 'defaults' || changesFor(specimen, how).some(({defaults}) => defaults);
}

function changesFor(specimen: string, how: How): Change[] {
  return [...(specimens[specimen]?.changes ?? []), ...common].filter(
    ({edits, only}) => only?.includes(how) !== false && canSay(how, edits),
  );
}

/** The fields that the drill changes: one change of the kind, or two that do not meet, or of those of every object. */
export function chosenEdits({specimen, with: one}: ChangeCase, how: How, random: Random): Edit[] {
  if (one === 'contested') return [{path: ['metadata', 'labels', 'team'], value: 'drill'}];
  const all = changesFor(specimen, how);
  const pool = one === 'defaults' ? all.filter(({defaults}) => defaults) : all;
  const first = random.sample(pool, 1)[0] as Change;
  const others = random.sample(first.opaque ? common.filter((other) => all.includes(other)) : all, 2);
  const more = others.filter((other) => !other.opaque && random.next() < 0.6);
  const chosen: Edit[] = [];
  for (const {edits} of [first, ...more]) {
    if (!edits.some((edit) => chosen.some((it) => touch(it, edit)))) chosen.push(...edits);
  }
  return chosen;
}

/**
 * What a stranger does to the same object, apart from what the drill does. Where kubectl has applied it on the client's
 * side, its server-side apply would take over what it had applied before, and take it away.
 */
export function strangersEdits(
  {specimen}: ChangeCase,
  mine: readonly Edit[],
  {random, hasApplied}: {random: Random; hasApplied: boolean},
): {how: How; edits: Edit[]} {
  const {body, custom} = specimens[specimen] as Specimen;
  const hows: How[] = [
    'json',
    'merge',
    ...(custom ? [] : ['strategic' as const]),
    ...(hasApplied ? [] : ['apply' as const]),
  ];
  const how = random.sample(hows, 1)[0] as How;
  const before = {...body, metadata: marks};
  const mayTakeAway = random.next() < 0.1;
  const pool = changesFor(specimen, how).filter(
    ({edits, opaque}) =>
      !opaque &&
      (mayTakeAway || edits.every(({value}) => value !== undefined)) &&
      edits.every((edit) => !mine.some((other) => touch(edit, other))) &&
      !(how === 'apply' && edits.some(isInAtomic)) &&
      JSON.stringify(edited(before, edits)) !== JSON.stringify(before),
  );
  const [first, second] = random.sample(pool, 2);
  const isBoth = second !== undefined && !first?.edits.some((one) => second.edits.some((other) => touch(one, other)));
  return {how, edits: [...(first?.edits ?? []), ...(isBoth ? second.edits : [])]};
}

/** Maps that an apply replaces as a whole: what else was in them a stranger's apply would take away. */
const atomic = ['selector', 'podSelector', 'namespaceSelector', 'backend', 'defaultBackend'];
const isInAtomic = ({path}: Edit): boolean => path.slice(0, -1).some((step) => atomic.includes(String(step)));

const touch = (one: Edit, other: Edit): boolean => {
  const [mine, theirs] = [asStored(one), asStored(other)];
  return meets(mine, theirs) || meets(theirs, mine);
};

/** What is written as text the API server keeps in `data`. */
const asStored = ({path: [first = '', ...rest], ...edit}: Edit): Edit => ({
  ...edit,
  path: [first === 'stringData' ? 'data' : first, ...rest],
});
