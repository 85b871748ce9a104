import * as z from 'zod';
import {fixedText, object, optional, structural} from './fields.ts';

/** Longest `metadata.name`: the run id made from it must fit into a label value. */
const maxName = 37;

/** How often the drill is to be played. */
const cadences = ['weekly', 'monthly', 'quarterly', 'yearly'] as const;

export const metadataSchema = object('Who owns the drill and what it is for', {
  name: structural(
    z
      .string()
      .max(maxName, {error: `longer than ${maxName} characters`})
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, {error: 'a name has lower-case letters, digits and dashes between'}),
    'Name of the scenario: at most 37 characters, unique among the files of one call',
  ),
  title: fixedText('What happens, in one line; the heading of the report'),
  owner: fixedText('The team or person that answers for the drill'),
  cadence: optional(structural(z.enum(cadences)), 'How often the drill is to be played'),
  runbook: optional(
    z.strictObject({
      url: structural(z.url(), 'Where the runbook is'),
      version: fixedText('The version of the runbook that the drill follows').optional(),
    }),
    'The runbook that people follow in the real case',
  ),
  evidenceFor: optional(
    z.array(fixedText('A control, as its standard names it')),
    'Controls that the report is offered as evidence for',
  ),
  labels: optional(z.record(z.string(), fixedText('Value of the label')), 'Free labels, carried into the report'),
  description: fixedText('What the drill is about, for people').optional(),
});
