import * as z from 'zod';
import {environmentName, fixedText, structural} from './fields.ts';

export const varTypes = ['string', 'integer', 'number', 'boolean', 'duration', 'enum'] as const;

const varValue = (description: string) =>
  structural(
    z.union([z.string(), z.number(), z.boolean()], {error: 'expected text, a number, true or false'}),
  ).describe(description);

export const varSchema = z
  .strictObject({
    type: structural(z.enum(varTypes)).describe(
      'What values it takes; a duration is text such as 1m30s in expressions',
    ),
    values: z.array(fixedText('A value')).min(1).optional().describe('The values that a var of type enum can have'),
    default: varValue('Used when nothing else gives a value').optional(),
    perEnvironment: z
      .record(environmentName(), varValue('The value in this environment'))
      .optional()
      .describe('Values by environment class; they beat the default'),
    description: fixedText('What it is for').optional(),
  })
  .describe('One variable, read as vars.<name> in expressions. --var and --var-file override it');
