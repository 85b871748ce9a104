import {harmless} from '../io/text.ts';
import {defineCommand} from './define.ts';
import {printResult} from './support/output.ts';

/** `kubedrill explain TOPIC`. */
export const explain = defineCommand({
  describe: (command) => {
    command
      .description(
        'Describes a field of the scenario file by its path, a kind of action or probe, the list of either, or the\n' +
          'machine that plays every drill (as a Mermaid diagram).',
      )
      .argument('[topic]', 'spec.verify.within, pod/delete, http, actions, probes, machine', 'spec');
  },
  examples: [
    'kubedrill explain spec.probes.every',
    'kubedrill explain pod/delete',
    'kubedrill explain actions',
    'kubedrill explain machine',
  ],
  run: async (invocation) => {
    const topic = invocation.args[0] ?? 'spec';
    const text = topic === 'machine' ? await machineDiagram() : await fieldText(topic);
    await printResult(invocation, {kind: 'Explanation', topic, text}, harmless(text));
    return 0;
  },
});

async function fieldText(topic: string): Promise<string> {
  const {explainField} = await import('../scenario/index.ts');
  return explainField(topic);
}

async function machineDiagram(): Promise<string> {
  const [{drillMachine}, {mermaid}] = await Promise.all([import('../drill/machine.ts'), import('./show/mermaid.ts')]);
  return mermaid(drillMachine.definition);
}
