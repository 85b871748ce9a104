import {ExitCode, UsageError} from '../io/errors.ts';
import {count, harmless} from '../io/text.ts';
import {loadScenarios, renderDiagnostics} from '../scenario/index.ts';
import {defineCommand} from './define.ts';
import {resolveInputs} from './support/inputs.ts';
import {printResult} from './support/output.ts';

/** `kubedrill validate FILE...`. */
export const validate = defineCommand({
  describe: (command) => {
    command
      .description(
        'Checks scenario files without a cluster: syntax, fields, types, names, expressions and the input of every\n' +
          'action and probe. Prints every problem of every file with its place. Exit 0 when there is none, else 2.\n' +
          'Warns of what no run could ever prove: a fault without proof of its own, a probe slower than the drill.',
      )
      .argument('<input...>', 'files, folders, `-` for stdin, or names of shipped scenarios');
  },
  examples: [
    'kubedrill validate scenarios/',
    'kubedrill validate my-drill.yaml -o json   # for editors',
    'cat my-drill.yaml | kubedrill validate -',
  ],
  run: async (invocation) => {
    const {io} = invocation;
    const {scenarios, diagnostics, warnings} = await loadScenarios(await resolveInputs(invocation.args, io.cwd), io);
    if (scenarios.length === 0 && diagnostics.length === 0) {
      throw new UsageError('there is no scenario in what was given', {code: 'E_NO_SCENARIO'});
    }
    if (invocation.flags.output === 'text') {
      if (diagnostics.length > 0) io.stderr.write(harmless(renderDiagnostics(diagnostics)));
      const words = warnings.map((one) => ({...one, message: `warning: ${one.message}`}));
      if (words.length > 0 && !invocation.flags.quiet) io.stderr.write(harmless(renderDiagnostics(words)));
    }
    const found = scenarios.map(({file, document, scenario}) => ({file, document, name: scenario.metadata.name}));
    await printResult(
      invocation,
      {kind: 'Validation', valid: diagnostics.length === 0, scenarios: found, diagnostics, warnings},
      diagnostics.length > 0
        ? `${count(diagnostics.length, 'problem')} in ${count(new Set(diagnostics.map(({file}) => file)).size, 'file')}`
        : `${count(found.length, 'scenario')} valid: ${found.map(({name}) => name).join(', ')}`,
    );
    return diagnostics.length > 0 ? ExitCode.usage : ExitCode.passed;
  },
});
