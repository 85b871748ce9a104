import * as z from 'zod';
import {fixedText, structural} from './fields.ts';

/** Longest `metadata.name`: the run id made from it must fit into a label value. */
const maxName = 37;

/** How often the drill is to be played. */
const cadences = ['weekly', 'monthly', 'quarterly', 'yearly'] as const;

export const metadataSchema = z
  .strictObject({
    name: structural(
      z
        .string()
        .max(maxName, {error: `longer than ${maxName} characters`})
        .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, {error: 'a name has lower-case letters, digits and dashes between'}),
    ).describe('Name of the scenario: at most 37 characters, unique among the files of one call'),
    title: fixedText('What happens, in one line; the heading of the report'),
    owner: fixedText('The team or person that answers for the drill'),
    cadence: structural(z.enum(cadences)).optional().describe('How often the drill is to be played'),
    runbook: z
      .strictObject({
        url: structural(z.url()).describe('Where the runbook is'),
        version: fixedText('The version of the runbook that the drill follows').optional(),
      })
      .optional()
      .describe('The runbook that people follow in the real case'),
    evidenceFor: z
      .array(fixedText('A control, as its standard names it'))
      .optional()
      .describe('Controls that the report is offered as evidence for'),
    labels: z
      .record(z.string(), fixedText('Value of the label'))
      .optional()
      .describe('Free labels, carried into the report'),
    description: fixedText('What the drill is about, for people').optional(),
  })
  .describe('Who owns the drill and what it is for');
