import * as z from 'zod';

/** How many of what matches: all, a number, or a percentage in Kubernetes' form. */
export const countField = () =>
  z
    .union([
      z.literal('all'),
      z.int().min(1),
      z.string().regex(/^(?:100|[1-9]\d?)%$/, 'a percentage from 1% to 100%, a number from 1, or all'),
    ])
    .default('all')
    .meta({
      description:
        'How many of those that match, chosen at random: all, a number, or a percentage (rounded down, at least 1)',
      examples: ['all', 1, '50%'],
    });

/**
 * How many of `available` a count means. A percentage is rounded down so that no more is hit than was written, but
 * never to none, because a fault that does nothing proves nothing.
 */
export function howMany(count: string | number, available: number): number {
  if (count === 'all') return available;
  if (typeof count === 'number') return count;
  return Math.max(1, Math.floor((available * Number.parseInt(count, 10)) / 100));
}

/** Whether a name is meant: by being equal, or by matching the whole of a regex written as `/…/`. */
export function nameMatches(pattern: string, name: string): boolean {
  const regex = /^\/(.*)\/$/s.exec(pattern)?.[1];
  return regex === undefined ? pattern === name : new RegExp(`^(?:${regex})$`).test(name);
}

/** An exact name, or a regex as `/…/`. */
export const namePattern = () =>
  z
    .string()
    .min(1)
    .refine((pattern) => !pattern.startsWith('/') || isRegex(pattern), 'a regex is written as /…/ and must be valid')
    .meta({description: 'Exact name, or a regex as /…/ that matches the whole name', examples: ['web-0', '/web-.+/']});

function isRegex(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return pattern.length > 2 && pattern.endsWith('/');
  } catch {
    return false;
  }
}
