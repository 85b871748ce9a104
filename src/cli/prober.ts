import {UsageError} from '../io/errors.ts';
import {defineCommand} from './define.ts';

/** `kubedrill prober`. */
export const prober = defineCommand({
  describe: (command) => {
    command.description('Samples inside a cluster, as its configuration says, one JSON line a sample.');
  },
  examples: ['kubedrill prober --config /etc/kubedrill/prober.json'],
  run: async () => {
    throw new UsageError('not wired', {code: 'E'});
  },
});
