import {type Command, Option} from 'commander';
import {collect, collectPair, parseSeed} from './flags.ts';

/** Flags of the commands that read a scenario against a cluster: `plan` and `run`. */
export interface DrillFlags {
  practice?: boolean;
  var?: Record<string, string>;
  varFile?: string[];
  seed?: number;
  operator?: string;
  approvedBy?: string;
  observer?: string;
  ticket?: string;
  approve?: string;
  proberImage?: string;
  reports?: string;
}

/** Flags of `run`. */
export interface RunFlags extends DrillFlags {
  dryRun?: 'server';
}

/** Adds those that both have to a command. */
export function addDrillFlags(command: Command): void {
  const people = 'Who and why, for the report:';
  const flags = [
    new Option('--practice', 'use the built-in practice cluster'),
    new Option('--var <name=value>', 'set a variable of the scenario; may be repeated').argParser(collectPair),
    new Option('--var-file <file>', 'variables from a YAML file; may be repeated').argParser(collect),
    new Option(
      '--seed <number>',
      'seed of what the scenario chooses at random, such as pods; the report tells the one used',
    ).argParser(parseSeed),
    new Option('--approve <name>', 'name or kube-system UID of the production cluster that is meant'),
    new Option('--prober-image <image>', 'image of the pod that samples inside the cluster'),
    new Option('--reports <folder>', 'folder for run folders'),
    new Option('--operator <name>', 'who runs it; default: the CI subject or the kubeconfig user').helpGroup(people),
    new Option('--approved-by <name>', 'who approved it; not the operator').helpGroup(people),
    new Option('--observer <name>', 'who watches').helpGroup(people),
    new Option('--ticket <id>', 'change or incident ticket').helpGroup(people),
  ];
  for (const flag of flags) command.addOption(flag);
}
