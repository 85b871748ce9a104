import {isAbsolute, join, resolve} from 'node:path';
import type {Config} from '../../drill/config/config.ts';
import {shellWord} from '../../io/text.ts';
import type {Invocation} from '../define.ts';
import type {DrillFlags} from './drill-flags.ts';
import {toolVersion} from './package.ts';

/** One setting, and which of flag, variable, config and default it comes from; `plan` shows it. */
export interface Setting<T> {
  value: T;
  origin: 'flag' | 'env' | 'config' | 'default';
}

export interface Settings {
  reports: Setting<string>;
  proberImage: Setting<string>;
}

/** Flag beats variable beats config file beats default. Paths come out absolute. */
export function resolveSettings({io, flags, origins}: Invocation<DrillFlags>, config: Config): Settings {
  const pick = (
    flag: keyof DrillFlags,
    given: string | undefined,
    configured: string | undefined,
    otherwise: string,
  ) => {
    const origin = origins[flag];
    if (given !== undefined && (origin === 'flag' || origin === 'env')) return {value: given, origin};
    return configured === undefined
      ? {value: otherwise, origin: 'default' as const}
      : {value: configured, origin: 'config' as const};
  };
  const reports = pick('reports', flags.reports, config.reports, 'reports');
  return {
    reports: {...reports, value: resolve(io.cwd, reports.value)},
    proberImage: pick('proberImage', flags.proberImage, config.prober?.image, `kubedrill/kubedrill:${toolVersion}`),
  };
}

/** Folder of this machine's locks, where programs keep their state; undefined for a user without a home. */
export function locksFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = env.HOME || env.USERPROFILE;
  // A relative or empty one counts as none: XDG Base Directory Specification.
  const given = env.XDG_STATE_HOME ?? '';
  const state = isAbsolute(given) ? given : home && join(home, '.local', 'state');
  return state ? join(state, 'kubedrill', 'locks') : undefined;
}

/** Who a CI job says that it runs for, by the variables of the usual CI systems. */
export function ciSubject(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return env.GITHUB_ACTOR ?? env.GITLAB_USER_LOGIN ?? env.BUILD_USER_ID ?? env.BUILDKITE_BUILD_CREATOR;
}

/** The command line that plays one scenario of this call again, whatever variables were set. */
export function reproduction(
  {program, flags}: Invocation<DrillFlags>,
  file: string,
  {seed, settings}: {seed: number; settings: Settings},
): string {
  const words = [...program.split(' '), 'run', file];
  const add = (flag: string, value: string | undefined) => {
    if (value !== undefined) words.push(flag, value);
  };
  if (flags.practice) words.push('--practice');
  if (!flags.practice) add('--context', flags.context);
  add('--namespace', flags.namespace);
  for (const [name, value] of Object.entries(flags.var ?? {})) add('--var', `${name}=${value}`);
  for (const varFile of flags.varFile ?? []) add('--var-file', varFile);
  add('--seed', String(seed));
  if (settings.proberImage.origin !== 'default') add('--prober-image', settings.proberImage.value);
  return words.map(shellWord).join(' ');
}
