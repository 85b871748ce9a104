import {defineCommand} from './define.ts';
import {printResult} from './support/output.ts';
import {toolVersion} from './support/package.ts';

/** `kubedrill version`. */
export const version = defineCommand({
  describe: (command) => {
    command.description('Prints the version of kubedrill and of the Node it runs on.');
  },
  examples: ['kubedrill version', 'kubedrill version -o json'],
  run: async (invocation) => {
    const platform = `${process.platform}/${process.arch}`;
    await printResult(
      invocation,
      {kind: 'Version', version: toolVersion, node: process.version, platform},
      `kubedrill ${toolVersion} (Node ${process.version}, ${platform})`,
    );
    return 0;
  },
});
