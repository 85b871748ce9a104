import * as z from 'zod';
import {parseDuration} from './duration.ts';

const duration = z
  .string()
  .meta({description: 'A duration as in Go: 500ms, 30s, 1m30s; shorter than 24 days', examples: ['30s', '1m30s']})
  .transform((text, context) => {
    const milliseconds = parseDuration(text);
    if (milliseconds !== undefined) return milliseconds;
    context.issues.push({
      code: 'custom',
      message: `"${text}" is no duration shorter than 24 days; write it as 500ms, 30s or 1m30s`,
      input: text,
    });
    return z.NEVER;
  });

/** A Go duration string in a file (`1m30s`), milliseconds in the program. One schema for all: making it takes time. */
export const durationField = () => duration;

/** The name of a Kubernetes object. */
export const objectName = () => z.string().min(1).max(253).meta({description: 'Name of the object, exactly'});

/** A namespace; absent means the one of `-n`, else the context's. */
export const namespaceField = () =>
  z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'a namespace has lower-case letters, digits and dashes')
    .meta({description: 'Namespace; the default is that of -n, else of the kubeconfig context'});

/** A label selector in kubectl's form. */
export const selectorField = () =>
  z
    .string()
    .min(1)
    .meta({description: 'Label selector as kubectl has it', examples: ['app=web,tier!=cache']});
