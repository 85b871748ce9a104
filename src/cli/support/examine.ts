import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Connection} from '../../cluster/types.ts';
import {DrillError, messageOf} from '../../io/errors.ts';
import {createExec} from '../../io/exec.ts';
import {count} from '../../io/text.ts';
import type {ScenarioFile} from '../../scenario/index.ts';
import type {Invocation} from '../define.ts';
import type {DrillFlags} from './drill-flags.ts';
import {planScenarios} from './planning.ts';
import {type Call, readCall} from './request.ts';
import {openCluster} from './targets.ts';

/** What `doctor` says about one thing; a `note` is worth knowing and no fault. */
export interface Finding {
  subject: string;
  state: 'ok' | 'finding' | 'note';
  message: string;
  hint?: string;
}

/** Looks at everything a drill needs, one thing's trouble not hiding the next. Only reads, but for a trial of the report folder. */
export async function examine(
  invocation: Invocation<DrillFlags>,
  scenarios: readonly ScenarioFile[],
): Promise<Finding[]> {
  const findings: Finding[] = [{subject: 'node', state: 'ok', message: `${process.version} runs kubedrill`}];
  let call: Call;
  try {
    call = await readCall(invocation, []);
    findings.push({subject: 'config', state: 'ok', message: 'kubedrill.config.yaml is valid, or there is none'});
  } catch (error) {
    return [...findings, trouble('config', error)];
  }
  findings.push(await reportFolder(call.settings.reports.value));
  findings.push(...(await cluster(call)));
  findings.push(await docker());
  findings.push({
    subject: 'prober image',
    state: 'note',
    message: `the cluster's nodes must have or be able to pull ${call.settings.proberImage.value}`,
    hint: 'Choose another with --prober-image, or load it: kind load docker-image IMAGE --name CLUSTER',
  });
  for (const scenario of scenarios) findings.push(...(await scenarioFindings(invocation, scenario)));
  return findings;
}

/** Tries it out, since modes do not say everything: a read-only mount, a full disk, what the system makes by itself. */
async function reportFolder(folder: string): Promise<Finding> {
  const subject = 'report folder';
  try {
    await tryWriting(await nearest(folder));
    return {subject, state: 'ok', message: `${folder} can be written`};
  } catch (error) {
    return {
      subject,
      state: 'finding',
      message: `${folder} cannot be written: ${messageOf(error)}`,
      hint: 'Name another one with --reports FOLDER.',
    };
  }
}

/** The folder itself, or the one above it that is there and in which it would be made. */
async function nearest(folder: string): Promise<string> {
  for (let candidate = folder; ; candidate = dirname(candidate)) {
    try {
      await stat(candidate);
      return candidate;
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!missing || dirname(candidate) === candidate) throw error;
    }
  }
}

/** Makes a folder with a file in it, as a run would, and takes both away again. */
async function tryWriting(place: string): Promise<void> {
  const trial = await mkdtemp(join(place, '.kubedrill-doctor-'));
  try {
    await writeFile(join(trial, 'trial'), 'kubedrill doctor can write here\n');
  } finally {
    await rm(trial, {recursive: true, force: true});
  }
}

async function cluster({invocation, seed, settings}: Call): Promise<Finding[]> {
  const access = await openCluster(invocation, {seed, proberImage: settings.proberImage.value});
  try {
    const connection = await access.connect();
    return [
      {subject: 'kubeconfig', state: 'ok', message: `context ${connection.context}, user ${connection.user}`},
      ...(await identity(connection)),
    ];
  } catch (error) {
    return [trouble('kubeconfig', error)];
  } finally {
    await access.close();
  }
}

async function identity(connection: Connection): Promise<Finding[]> {
  try {
    const {version, uid, nodes, server} = await connection.identify();
    const down = nodes.filter(({ready}) => !ready).map(({name}) => name);
    return [
      {subject: 'cluster', state: 'ok', message: `${server} runs ${version}, UID ${uid}`},
      down.length === 0
        ? {subject: 'nodes', state: 'ok', message: `${count(nodes.length, 'node')} ready`}
        : {
            subject: 'nodes',
            state: 'finding',
            message: `not ready: ${down.join(', ')}`,
            hint: `Look at it with: kubectl --context ${connection.context} describe node ${down[0]}`,
          },
    ];
  } catch (error) {
    return [trouble('cluster', error)];
  }
}

async function docker(): Promise<Finding> {
  const subject = 'docker';
  const absent = 'only needed for platform work on kind and k3d nodes';
  try {
    const argv = ['docker', 'version', '--format', '{{.Server.Version}}'];
    const {exitCode, stdout} = await createExec().run(argv, {timeout: 5000});
    return exitCode === 0
      ? {subject, state: 'ok', message: `engine ${stdout.trim()}`}
      : {subject, state: 'note', message: `its engine does not answer; ${absent}`};
  } catch {
    return {subject, state: 'note', message: `not installed; ${absent}`};
  }
}

async function scenarioFindings(invocation: Invocation<DrillFlags>, scenario: ScenarioFile): Promise<Finding[]> {
  const subject = scenario.scenario.metadata.name;
  try {
    const {plans} = await planScenarios(invocation, [scenario]);
    const refusals = plans
      .flatMap(({guards}) => guards)
      .filter(({ok}) => !ok)
      .map(({message, hint}): Finding => ({subject, state: 'finding', message, ...(hint === undefined ? {} : {hint})}));
    return refusals.length > 0 ? refusals : [{subject, state: 'ok', message: 'run would go ahead'}];
  } catch (error) {
    return [trouble(subject, error)];
  }
}

function trouble(subject: string, error: unknown): Finding {
  const hint = error instanceof DrillError ? error.hint : undefined;
  return {subject, state: 'finding', message: messageOf(error), ...(hint === undefined ? {} : {hint})};
}
