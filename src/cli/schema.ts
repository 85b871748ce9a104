import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {UsageError} from '../io/errors.ts';
import {defineCommand} from './define.ts';
import {packageRoot} from './support/package.ts';

/** `kubedrill schema`. */
export const schema = defineCommand({
  describe: (command) => {
    command.description(
      'Prints the JSON Schema (draft 7) of scenario files, for editors and other checkers. It is generated from the\n' +
        'same definition that `validate` uses.',
    );
  },
  examples: ['kubedrill schema >scenario.v1.json', '# yaml-language-server: $schema=scenario.v1.json'],
  run: async ({io, flags, origins}) => {
    if (flags.output === 'yaml') {
      throw new UsageError('schema prints JSON alone', {
        code: 'E_FLAGS',
        hint: origins.output === 'env' ? 'Unset KUBEDRILL_OUTPUT.' : 'Leave out -o yaml.',
      });
    }
    io.print(await readFile(join(packageRoot(), 'schema', 'scenario.v1.json')));
    return 0;
  },
});
