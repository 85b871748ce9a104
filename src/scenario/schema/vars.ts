import * as z from 'zod';
import {environmentName, fixedText, object, optional, structural} from './fields.ts';

export const varTypes = ['string', 'integer', 'number', 'boolean', 'duration', 'enum'] as const;

const varValue = (description: string) =>
  structural(
    z.union([z.string(), z.number(), z.boolean()], {error: 'expected text, a number, true or false'}),
  ).describe(description);

export const varSchema = object('One variable, read as vars.<name> in expressions. --var and --var-file override it', {
  type: structural(z.enum(varTypes), 'What values it takes; a duration is text such as 1m30s in expressions'),
  values: optional(z.array(fixedText('A value')).min(1), 'The values that a var of type enum can have'),
  default: varValue('Used when nothing else gives a value').optional(),
  perEnvironment: optional(
    z.record(environmentName(), varValue('The value in this environment')),
    'Values by environment class; they beat the default',
  ),
  description: fixedText('What it is for').optional(),
});
