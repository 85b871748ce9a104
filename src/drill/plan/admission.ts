import {refOf} from '../../actions/common/objects.ts';
import type {Making} from '../../actions/planned.ts';
import {ClusterError} from '../../cluster/errors.ts';
import {describeRef} from '../../cluster/names.ts';
import type {ClusterReader, Connection, KubeObject} from '../../cluster/types.ts';
import {withOptions} from '../../cluster/write.ts';
import type {StepRecord} from '../../journal/plan.ts';
import type {GuardAnswer} from '../types.ts';

/** What a step will have to make, in the order in which the steps come. */
export interface ToMake {
  record: StepRecord;
  makings: readonly Making[];
}

/** What the API server says to them now. */
export interface Admission {
  guards: GuardAnswer[];
  warnings: string[];
}

/**
 * Tries out what the steps, their undos, and controllers because of them, will have to make, with `dryRun=All`: whether
 * quotas, limits, policies and webhooks let it in. What an earlier step may still change, and what only the API server's
 * own controllers may do, is a warning.
 */
export async function tryOut(
  {reader, writer}: Pick<Connection, 'reader' | 'writer'>,
  steps: readonly ToMake[],
  signal: AbortSignal,
): Promise<Admission> {
  const dry = withOptions(writer, {dryRun: true});
  const answers: Admission = {guards: [], warnings: []};
  const made: KubeObject[] = [];
  const refused = new Set<KubeObject>();
  let isOpen = false;
  for (const {record, makings} of steps) {
    if (record.skipped === true) continue;
    for (const making of makings) {
      // What is not taken makes no pods.
      if (making.of !== undefined && refused.has(making.of)) continue;
      const said = (await mayTry(reader, making, signal))
        ? await refusalOf(() => dry.create(making.object, {signal}), making, made)
        : undefined;
      if (making.by === 'step') made.push(making.object);
      if (said === undefined) continue;
      refused.add(making.object);
      const message = `${record.path}: ${sentence(making, said)}`;
      if (isOpen || isForOthers(making, said)) answers.warnings.push(message);
      else answers.guards.push({guard: 'admission', ok: false, message, hint});
    }
    isOpen ||= mayChangeAdmission(record);
  }
  return answers;
}

const hint =
  'Nothing was changed: it was tried out with dryRun=All. Change the object, or what refuses it (quota, limits, policy, webhook).';

/** To make a pod is the controller's right; without it, nobody can be asked. */
async function mayTry(reader: ClusterReader, {by, object}: Making, signal: AbortSignal): Promise<boolean> {
  if (by !== 'controller') return true;
  const {namespace} = object.metadata;
  const place = namespace === undefined ? {} : {namespace};
  return (await reader.review({verb: 'create', group: '', resource: 'pods', ...place}, {signal})).allowed;
}

/** Why the API server would not take it; undefined where it would, or where that cannot be known yet. */
async function refusalOf(
  create: () => Promise<unknown>,
  {by, replaces = false}: Making,
  made: readonly KubeObject[],
): Promise<string | undefined> {
  try {
    await create();
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const said = error.apiMessage ?? '';
    const isRefusal = ['forbidden', 'invalid', 'other'].includes(error.reason) || /failed calling webhook/.test(said);
    if (!isRefusal || notYet.some((words) => words.test(said))) return undefined;
    // What goes is still counted, and still has what it is given: the ports of a Service.
    if (replaces && /exceeded quota/.test(said)) return undefined;
    if (by === 'undo' && /already allocated/.test(said)) return undefined;
    const isWaiting = ([words, kind]: (typeof needed)[number]) =>
      words.test(said) && made.some((object) => object.kind === kind);
    return needed.some(isWaiting) ? undefined : said;
  }
}

/** Words of answers that say nothing of the object. */
const notYet = [
  // The guard for permissions answers for these.
  /cannot (create|patch|update) resource/,
  /does not support dry run/,
  /is being terminated/,
];

/** What an earlier step may make, and the words for that it is missing. */
const needed = [
  [/looking up service account/, 'ServiceAccount'],
  [/PriorityClass/, 'PriorityClass'],
  [/quota|[Ll]imits?Range|[Ll]imit ranges/, 'Namespace'],
] as const;

/** A policy may let controllers do what it does not let a user do. */
const isForOthers = ({by}: Making, said: string): boolean =>
  by === 'controller' && /admission webhook|failed calling webhook|ValidatingAdmissionPolicy/.test(said);

const admissionKinds =
  /^(ResourceQuota|LimitRange|Namespace|(Mutating|Validating)(WebhookConfiguration|AdmissionPolicy(Binding)?))$/;

/** Whether what a step does may let in what was refused before. */
function mayChangeAdmission({phase, form, uses, deferred, targets}: StepRecord): boolean {
  if (form === 'manual' || deferred === true || uses === 'command/run') return true;
  // A namespace that a fixture makes has no quota before.
  return targets.some(({kind}) => admissionKinds.test(kind) && !(phase === 'prepare' && kind === 'Namespace'));
}

function sentence({object, by, of}: Making, said: string): string {
  const what = describeRef(refOf(of ?? object));
  if (by === 'controller') return `the API server would refuse the pods of ${what}: ${said}`;
  return by === 'undo'
    ? `its undo could not make ${what} again: ${said}`
    : `the API server would refuse ${what}: ${said}`;
}
