import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {parseAllDocuments, stringify} from 'yaml';
import {readPlain} from '../../../../src/scenario/yaml/plain.ts';
import {campaignSeed, campaignSize} from '../../../support/choice.ts';
import {root} from '../../../support/kubedrill.ts';
import {mutate} from '../../../support/mutate-yaml.ts';
import {propertyRuns} from '../../../support/oracle.ts';

/** Mutants of each scenario; a campaign tries many more, and others each time. */
const perScenario = campaignSize('KUBEDRILL_MUTANTS', 60);

/** What the other reader makes of a text: its only document, undefined when it finds anything wrong. */
function byTheOther(text: string): unknown {
  const documents = parseAllDocuments(text, {version: '1.2'});
  const [document] = documents;
  if (documents.length !== 1 || !document || document.errors.length + document.warnings.length > 0) return undefined;
  return document.toJS();
}

test('what is plain means the same to both readers, however a scenario is spoilt', () => {
  let plain = 0;
  for (const name of readdirSync(join(root, 'scenarios'))) {
    const text = readFileSync(join(root, 'scenarios', name), 'utf8');
    for (let seed = campaignSeed; seed < campaignSeed + perScenario; seed++) {
      const mutant = mutate(text, seed);
      if (typeof mutant.text !== 'string') continue;
      const value = readPlain(mutant.text, 40);
      if (value === undefined) continue;
      plain += 1;
      expect(value, `${name}, seed ${seed}: ${mutant.deeds.join('; ')}`).toStrictEqual(byTheOther(mutant.text));
    }
  }
  // Else the test would compare nothing.
  expect(plain).toBeGreaterThan(perScenario);
});

test('what is plain means the same to both readers, whatever the values', () => {
  const word = fc.oneof(fc.string({unit: 'grapheme'}), fc.stringMatching(/^[-+.0-9a-fox_:eE#~?|>'"&*!%@` ]{0,8}$/));
  const {tree} = fc.letrec<{tree: unknown}>((tie) => ({
    tree: fc.oneof(
      {maxDepth: 4},
      word,
      fc.double({noNaN: true, noDefaultInfinity: true}),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), {maxLength: 4}),
      fc.dictionary(word, tie('tree'), {maxKeys: 4}),
    ),
  }));
  fc.assert(
    fc.property(
      tree,
      fc.constantFrom('block' as const, 'flow' as const),
      fc.integer({min: 20, max: 80}),
      (value, collectionStyle, lineWidth) => {
        const text = stringify({value}, {collectionStyle, lineWidth});
        const read = readPlain(text, 40);
        if (read !== undefined) expect(read).toStrictEqual(byTheOther(text));
      },
    ),
    {numRuns: 2 * propertyRuns},
  );
});
