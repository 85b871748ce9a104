import * as z from 'zod';
import {instant, ms, text} from './parts.ts';

const cause = z.enum(['fault', 'cure', 'neither']);

export const account = z
  .strictObject({
    faults: z.array(
      z.strictObject({
        path: text,
        what: text,
        out: instant.exactOptional(),
        why: z.enum(['skipped', 'changed nothing', 'not played']).exactOptional(),
        heals: z.literal(true).exactOptional(),
        proof: z
          .strictObject({
            by: z.enum(['effect', 'prove', 'outage', 'check']),
            detail: text,
            ownWrite: z.literal(true).exactOptional(),
          })
          .exactOptional(),
        unseen: text.exactOptional(),
        written: text.exactOptional(),
      }),
    ),
    cures: z.array(
      z.strictObject({
        path: text,
        what: text,
        acted: instant.exactOptional(),
        changed: z.boolean(),
        undid: z.boolean().exactOptional(),
        broke: z.enum(['failed', 'timeout', 'lost']).exactOptional(),
        why: z.enum(['skipped', 'not played', 'changed nothing']).exactOptional(),
      }),
    ),
    outages: z.array(
      z.strictObject({
        service: text,
        began: instant,
        ended: instant.exactOptional(),
        cause,
        faults: z.array(text),
        endedBy: z.enum(['cure', 'other', 'either']).exactOptional(),
        menders: z.array(text).exactOptional(),
      }),
    ),
    reds: z.array(
      z.strictObject({
        check: text,
        seen: instant.exactOptional(),
        cause: cause.exactOptional(),
        faults: z.array(text),
        back: instant.exactOptional(),
        menders: z.array(text).exactOptional(),
      }),
    ),
    watched: z.array(
      z.strictObject({series: text, service: text, after: z.boolean(), during: z.boolean().exactOptional()}),
    ),
    held: z.array(
      z.strictObject({
        check: text,
        red: ms.exactOptional(),
        green: ms.exactOptional(),
        detail: text.exactOptional(),
        lasted: ms.exactOptional(),
      }),
    ),
    canaries: z.array(z.strictObject({canary: text, tried: z.int(), taken: z.int()})),
  })
  .describe('What did what: which fault, which cure, or neither, began each outage and each red check');
