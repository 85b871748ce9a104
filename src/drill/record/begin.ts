import type {RunStarted} from '../../journal/types.ts';
import type {Session} from '../session.ts';
import {sha256} from './vault.ts';

/** Notes who plays what with which tool, before anything else is asked. */
export async function recordStart(session: Session, attempt: number): Promise<void> {
  const {request, run, operator, journal} = session;
  const {scenario, people, interaction, version, seed, command} = request;
  const {metadata} = scenario.scenario;
  const {name, title, owner, cadence, runbook, evidenceFor, labels, description} = metadata;
  const git = await gitState(request.exec, scenario.dir);
  await journal.commit({
    type: 'run.started',
    run: {id: run.id, label: run.label},
    tool: describeTool(version),
    scenario: {
      name,
      title,
      owner,
      file: scenario.file,
      sha256: sha256(scenario.source),
      ...(cadence === undefined ? {} : {cadence}),
      ...(runbook === undefined ? {} : {runbook: {...runbook}}),
      ...(evidenceFor === undefined ? {} : {evidenceFor}),
      ...(labels === undefined ? {} : {labels: {...labels}}),
      ...(description === undefined ? {} : {description}),
    },
    ...(git === undefined ? {} : {git}),
    people: {
      operator,
      ...(people.approvedBy === undefined ? {} : {approvedBy: people.approvedBy}),
      ...(people.observer === undefined ? {} : {observer: people.observer}),
      ...(people.ticket === undefined ? {} : {ticket: people.ticket}),
      attended: interaction.attended,
    },
    attempt,
    ...(request.practice ? {practice: true} : {}),
    seed,
    command,
  });
}

/** The tool and what it runs on. */
export function describeTool(version: string): RunStarted['tool'] {
  return {name: 'kubedrill', version, node: process.version, platform: `${process.platform}-${process.arch}`};
}

/** The commit that the scenario file lies in, when it lies in one. A missing git is no reason not to drill. */
async function gitState(
  exec: Session['request']['exec'],
  dir: string,
): Promise<{commit: string; dirty: boolean} | undefined> {
  const git = async (...args: string[]) => {
    const {exitCode, stdout} = await exec.run(['git', '-C', dir, ...args], {timeout: 3000});
    return exitCode === 0 ? stdout.trim() : undefined;
  };
  try {
    const commit = await git('rev-parse', 'HEAD');
    if (commit === undefined || commit === '') return undefined;
    return {commit, dirty: (await git('status', '--porcelain')) !== ''};
  } catch {
    return undefined;
  }
}
