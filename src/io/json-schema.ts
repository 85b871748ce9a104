import * as z from 'zod';
import type {Json} from './json.ts';

/** Any JSON, as `z.json()`, with integers beyond 2^53 as the `bigint`s that `parseJson` makes of them. */
export const json = (): z.ZodType<Json> => anyJson;

const anyJson: z.ZodType<Json> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.bigint(),
    z.boolean(),
    z.null(),
    z.array(anyJson),
    z.record(z.string(), anyJson) as unknown as z.ZodType<Json>,
  ]),
);
