import {randomInt} from 'node:crypto';
import type {Config} from '../../drill/config/config.ts';
import type {DrillRequest} from '../../drill/types.ts';
import {systemClock} from '../../io/clock.ts';
import {createExec} from '../../io/exec.ts';
import type {Log} from '../../io/log.ts';
import type {ScenarioFile, VarsGiven} from '../../scenario/index.ts';
import type {Invocation} from '../define.ts';
import {defined} from './defined.ts';
import type {RunFlags} from './drill-flags.ts';
import {toolVersion} from './package.ts';
import {ciSubject, locksFolder, reproduction, resolveSettings, type Settings} from './settings.ts';
import type {ClusterAccess} from './targets.ts';
import {checkGivenVars, givenVars} from './vars.ts';

/** What the command line, the variables and the config file say, put together. */
export interface Call {
  invocation: Invocation<RunFlags>;
  config: Config;
  /** Reads the config file again. */
  reloadConfig: () => Promise<Config>;
  settings: Settings;
  given: VarsGiven;
  seed: number;
}

/** Reads config and variable files, and checks the variables against the scenarios. Rejects with a UsageError. */
export async function readCall(invocation: Invocation<RunFlags>, scenarios: readonly ScenarioFile[]): Promise<Call> {
  const {io, flags} = invocation;
  const {loadConfig} = await import('../../drill/config/config.ts');
  const reloadConfig = () => loadConfig({cwd: io.cwd, env: io.env, ...defined({path: flags.config})});
  const config = await reloadConfig();
  const given = await givenVars(invocation);
  checkGivenVars(scenarios, given);
  return {
    invocation,
    config,
    reloadConfig,
    settings: resolveSettings(invocation, config),
    given,
    seed: flags.seed ?? randomInt(2 ** 32),
  };
}

/** The request for one scenario of a call. */
export function drillRequest(
  {invocation, config, reloadConfig, settings, given, seed}: Call,
  scenario: ScenarioFile,
  surroundings: {cluster: ClusterAccess; log: Log} & Pick<
    DrillRequest,
    'interaction' | 'progress' | 'abort' | 'holdOff'
  >,
): DrillRequest {
  const {io, flags} = invocation;
  const {cluster, log, interaction, progress, abort, holdOff} = surroundings;
  return {
    scenario,
    given,
    connect: cluster.connect,
    practice: cluster.practice,
    config,
    reloadConfig,
    reports: settings.reports.value,
    people: defined({
      operator: flags.operator ?? ciSubject(io.env),
      approvedBy: flags.approvedBy,
      observer: flags.observer,
      ticket: flags.ticket,
    }),
    ...defined({approve: flags.approve, namespace: flags.namespace, dryRun: flags.dryRun, holdOff}),
    // The practice cluster of this process is nobody else's.
    ...(cluster.practice ? {} : defined({locks: locksFolder(io.env)})),
    seed,
    proberImage: settings.proberImage.value,
    command: reproduction(invocation, scenario.file, {seed, settings}),
    version: toolVersion,
    env: io.env,
    clock: systemClock,
    log,
    dial: cluster.dial,
    exec: createExec(),
    interaction,
    progress,
    abort,
  };
}
