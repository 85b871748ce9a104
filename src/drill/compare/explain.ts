import {runLabel} from '../../actions/common/objects.ts';
import type {Vault} from '../../actions/define.ts';
import {type Path, pathText} from '../../actions/fields/path.ts';
import {objectRemove} from '../../actions/object/remove.ts';
import type {Leaving} from '../../actions/own-work.ts';
import {kubectl} from '../../cluster/names.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {isJsonObject, type JsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import type {PlanRecord} from '../../journal/plan.ts';
import type {Mutation} from '../../journal/recover.ts';
import type {Difference} from '../../journal/world.ts';
import {isSameObject, writtenBy} from '../undo/own-work.ts';
import {undoOf} from '../undo/registry.ts';
import {type Found, isOfGroup} from './differences.ts';
import {isControlPlane, isDrill, ownerIn} from './owners.ts';
import {type ProgramRun, programsBehind} from './programs.ts';

/** What is known beside the two looks. */
export interface Circumstances {
  mutations: readonly Mutation[];
  /** What the drill was to do, and which losses its scenario accepts. */
  plan?: Pick<PlanRecord, 'steps' | 'accept'>;
  /** Where fields that must not stand in the journal are. */
  vault: Vault;
  /** When the first look began, by the wall clock (milliseconds since 1970). */
  since: number;
  /** When programs of the drill ran, which may have changed anything. */
  programs: readonly ProgramRun[];
  /** A changed or new object as it is now; undefined when it is gone or may not be read. */
  live: (found: Found) => Promise<KubeObject | undefined>;
}

/**
 * Says of a difference why it is none of the run's leaving, or leaves it unexplained: a recovery that stays, or somebody
 * else's change, which the API server's own record of field owners has to show for every path. An object that is gone
 * shows nobody.
 */
export async function explain(found: Found, circumstances: Circumstances): Promise<Difference> {
  const {target, change, paths} = found;
  const because =
    (await kept(found, circumstances)) ??
    left(found, circumstances) ??
    accepted(found, circumstances) ??
    (await others(found, circumstances));
  const difference = {target, change, paths: paths.slice(0, mostPaths)};
  if (paths.length > mostPaths) difference.paths.push(`and ${paths.length - mostPaths} more`);
  if (because !== undefined) return {...difference, explained: because};
  const command = commandFor(found, circumstances);
  return {...difference, ...(command === undefined ? {} : {command})};
}

/** Paths that are named of one object. */
const mostPaths = 12;

/** A recovery that stays explains what it made or deleted as a whole, and of what it changed the fields that it wrote. */
async function kept({target, change, paths}: Found, {mutations, vault}: Circumstances): Promise<string | undefined> {
  const staying = mutations.filter((one) => one.undone === 'kept' && isSameObject(one.target, target));
  const whole = staying.find(({undo}) => undo.kind === objectRemove.kind || undoOf(undo.kind)?.wrote === undefined);
  const fields = (await Promise.all(staying.map((one) => writtenBy(one, vault)))).flat();
  const places = fields.map(({path}) => placeOf(path));
  const isWritten = (path: string) =>
    isDrill(ownerIn(path) ?? '') || places.some((place) => isWithin(isOfGroup(path) ? 'spec' : path, place));
  const isAll = change === 'changed' && places.length > 0 && paths.every(isWritten);
  const by = whole ?? (isAll ? staying[0] : undefined);
  return by === undefined ? undefined : `it is the recovery of ${by.step ?? by.phase}, which stays`;
}

/** A written field as the comparison names it; of an item of a list, the list. */
function placeOf(path: Path): string {
  const at = path.findIndex((step) => typeof step !== 'string');
  return pathText(at === -1 ? path : path.slice(0, at));
}

/** Whether a path is below a place, or above it: a map that was empty is itself a leaf. */
const isWithin = (path: string, place: string): boolean => isAt(path, place) || isAt(place, path);

const isAt = (path: string, place: string): boolean =>
  path === place || (path.startsWith(place) && /^[.[]/.test(path.slice(place.length)));

/** What was to go with a target, or be lost of it, and is accepted by the scenario. */
function accepted({target, change, paths}: Found, {plan}: Circumstances): string | undefined {
  const same = (one: Target) => isSameObject(one, target);
  const steps = plan?.steps.filter(({skipped}) => skipped !== true) ?? [];
  const isStatus = change === 'changed' && paths.every((path) => path === 'status');
  const loss = change === 'missing' ? 'objects' : isStatus ? 'status' : undefined;
  if (!steps.some((step) => (loss === 'objects' ? step.cascade : step.targets).some(same))) return undefined;
  const by = plan?.accept.find((one) => one.loss === loss && one.of?.includes(target.kind) !== false);
  return by && `the loss of ${loss} is accepted: ${by.reason}`;
}

/** What the mutations of an object leave by design, when it is all that differs. */
function left({target, change, paths}: Found, {mutations}: Circumstances): string | undefined {
  if (change !== 'changed') return undefined;
  const leavings = mutations
    .filter((mutation) => isSameObject(mutation.target, target))
    .flatMap((mutation) => leavingOf(mutation) ?? []);
  // What stays is the drill's.
  const others = paths.filter((path) => !isDrill(ownerIn(path) ?? ''));
  const why = others.map((path) => leavings.find((one) => isAt(path, one.path)));
  return why.every((one) => one !== undefined) ? why[0]?.because : undefined;
}

function leavingOf({undo, target}: Mutation): Leaving | undefined {
  const definition = undoOf(undo.kind);
  const data = definition?.schema.safeParse(undo.data);
  return data?.success === true ? definition?.leaves?.(data.data, target) : undefined;
}

async function others(found: Found, circumstances: Circumstances): Promise<string | undefined> {
  if (found.change === 'missing') return undefined;
  const live = await circumstances.live(found);
  if (live === undefined || live.metadata.labels?.[runLabel] !== undefined) return undefined;
  const late = managers(live).filter(({time}) => time >= Math.floor(circumstances.since / 1000) * 1000);
  const contents = found.paths.filter((path) => ownerIn(path) === undefined);
  const mine = programsBehind(
    found.change === 'extra' ? late : late.filter(({fields}) => contents.some((path) => owns(fields, path))),
    circumstances,
  );
  // Programs write under names of their own: what was written while one ran may be its doing.
  if (mine.some(({stays}) => !stays)) return undefined;
  if (mine[0] !== undefined) return `it may be what the program of ${mine[0].step} did, which stays`;
  if (found.change === 'extra') return madeBy(live, late, circumstances);
  const ownersOf = (path: string) => {
    const owner = ownerIn(path);
    if (owner === undefined) return late.filter(({fields}) => owns(fields, path));
    // Fields that an owner has lost are those of somebody who has written meanwhile.
    return isDrill(owner) || late.some(({name}) => isDrill(name)) ? [] : late.filter(({name}) => !isOurs(name));
  };
  const owners = found.paths.map(ownersOf);
  if (owners.some((list) => list.length === 0 || list.some(({name}) => isOurs(name)))) return undefined;
  const names = [...new Set(owners.flat().map(({name}) => name))];
  return `changed meanwhile by ${names.join(', ')}, at ${iso(Math.max(...owners.flat().map(({time}) => time)))}`;
}

/** New since the first look, and by nobody who may have made it because of the drill. */
function madeBy({metadata}: KubeObject, late: readonly Manager[], {since}: Circumstances): string | undefined {
  const born = Date.parse(metadata.creationTimestamp ?? '');
  if (!(born >= Math.floor(since / 1000) * 1000)) return undefined;
  const makers = [...new Set(late.map(({name}) => name))];
  if (makers.length === 0 || makers.some(isOurs)) return undefined;
  return `made meanwhile by ${makers.join(', ')}, at ${iso(born)}`;
}

/** Ourselves, and the control plane, which acts on what we do. */
const isOurs = (manager: string): boolean => isDrill(manager) || isControlPlane(manager);

interface Manager {
  name: string;
  time: number;
  fields: JsonObject;
}

function managers({metadata: {managedFields}}: KubeObject): Manager[] {
  const entries = Array.isArray(managedFields) ? managedFields.filter(isJsonObject) : [];
  return entries.map(({manager, time, fieldsV1}) => ({
    name: String(manager),
    time: Date.parse(String(time)),
    fields: isJsonObject(fieldsV1) ? fieldsV1 : {},
  }));
}

/**
 * Whether a set of field owners (`{"f:spec": {"f:replicas": {}}}`) has the place of a path, or something around it as one
 * value, as a selector. Of a list, whose items have keys there, the list counts.
 */
function owns(fields: JsonObject, path: string): boolean {
  let at = fields;
  let rest = path.replace(/\[.*$/, '');
  while (rest !== '') {
    // The longest name first: names may have dots.
    const name = Object.keys(at)
      .filter((key) => key.startsWith('f:'))
      .map((key) => key.slice(2))
      .filter((key) => rest === key || rest.startsWith(`${key}.`) || rest === JSON.stringify(key))
      .sort((one, other) => other.length - one.length)[0];
    if (name === undefined) return false;
    const below = at[`f:${name}`];
    rest = rest.slice(name.length + 1);
    if (!isJsonObject(below)) return false;
    if (Object.keys(below).length === 0) return true;
    at = below;
  }
  return true;
}

const iso = (time: number): string => new Date(time).toISOString();

function commandFor({target, change, paths}: Found, {mutations}: Circumstances): string | undefined {
  if (change === 'extra') return kubectl('delete', target);
  const isOwnersAlone = change === 'changed' && paths.every((path) => ownerIn(path) !== undefined);
  // What an undo would do again has nothing to do with them.
  if (isOwnersAlone) return `${kubectl('get', target)} -o yaml --show-managed-fields`;
  const known = mutations.findLast(
    (mutation) => isSameObject(mutation.target, target) && mutation.command !== undefined,
  );
  return known?.command ?? (change === 'missing' ? undefined : `${kubectl('get', target)} -o yaml`);
}
