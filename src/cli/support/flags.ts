import {type Command, InvalidArgumentError, Option} from 'commander';
import type {FlagOrigins} from '../define.ts';

const clusterGroup = 'Cluster flags:';
const globalGroup = 'Flags of every command:';

/** Flags that every command takes, as kubectl has them; `cluster`: also those that choose a cluster. */
export function globalOptions(cluster = true): Option[] {
  const clusterOptions = [
    new Option('--context <name>', 'context of the kubeconfig').helpGroup(clusterGroup),
    new Option('--kubeconfig <file>', 'kubeconfig file, or several as in $KUBECONFIG').helpGroup(clusterGroup),
    new Option('-n, --namespace <name>', 'namespace of objects that name none').helpGroup(clusterGroup),
  ];
  const everywhere = [
    new Option('-o, --output <format>', 'format of the result').choices(['text', 'json', 'yaml']).default('text'),
    new Option('--config <file>', 'kubedrill.config.yaml; else looked up from here upwards'),
    new Option('-v, --verbose', 'say more on stderr; -vv even more, with stacks')
      .argParser((_value, previous: number) => previous + 1)
      .default(0, '0'),
    new Option('-q, --quiet', 'say only errors on stderr'),
    new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'),
  ];
  for (const option of everywhere) option.helpGroup(globalGroup);
  return cluster ? [...clusterOptions, ...everywhere] : everywhere;
}

/** The variable of a flag: `--prober-image` is `KUBEDRILL_PROBER_IMAGE`. */
const variableOf = (option: Option): string => `KUBEDRILL_${option.name().replaceAll('-', '_').toUpperCase()}`;

/** Takes flags that were not given from their variables; a wrong value is a wrong command line. */
export function applyEnvironment(command: Command, env: Readonly<Record<string, string | undefined>>): void {
  for (let owner: Command | null = command; owner; owner = owner.parent) {
    for (const option of owner.options) {
      const key = option.attributeName();
      const text = env[variableOf(option)];
      if (text === undefined || text === '' || owner.getOptionValueSource(key) === 'cli') continue;
      owner.setOptionValueWithSource(key, convert(owner, option, text), 'env');
    }
  }
}

function convert(command: Command, option: Option, text: string): unknown {
  const wrong = (why: string): never =>
    command.error(`error: variable ${variableOf(option)} value '${text}' is invalid. ${why}`);
  if (option.name() === 'verbose') return /^[0-2]$/.test(text) ? Number(text) : wrong('Allowed are 0, 1, 2.');
  if (option.isBoolean()) {
    if (['1', 'true', 'yes'].includes(text)) return true;
    return ['0', 'false', 'no'].includes(text) ? false : wrong('Allowed are true, false.');
  }
  if (!option.parseArg) return text;
  try {
    return option.parseArg(text, undefined);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return wrong(error.message);
    throw error;
  }
}

/** Where each flag's value comes from. */
export function flagOrigins(command: Command): FlagOrigins {
  const origins: Record<string, 'flag' | 'env' | 'default' | undefined> = {};
  for (let owner: Command | null = command; owner; owner = owner.parent) {
    for (const option of owner.options) {
      const source = owner.getOptionValueSource(option.attributeName());
      origins[option.attributeName()] = source === 'cli' ? 'flag' : source === 'env' ? 'env' : 'default';
    }
  }
  return origins;
}

/** Collects a repeatable flag into a list. */
export const collect = (value: string, previous: readonly string[] | undefined): string[] => [
  ...(previous ?? []),
  value,
];

/** Collects `--var name=value` into a record. */
export function collectPair(
  value: string,
  previous: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
  if (name === undefined || text === undefined) throw new InvalidArgumentError('Write it as name=value.');
  return {...previous, [name]: text};
}

/** A seed: an integer of 32 bits. */
export function parseSeed(value: string): number {
  const seed = Number(value);
  if (!/^\d+$/.test(value) || seed > 0xffff_ffff)
    throw new InvalidArgumentError('It is an integer from 0 to 4294967295.');
  return seed;
}

/** A TCP port; 0 lets the system choose. */
export function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new InvalidArgumentError('It is a port number from 0 to 65535.');
  return port;
}
