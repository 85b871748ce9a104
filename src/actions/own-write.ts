import type {ActionDefinition} from './define.ts';

/**
 * Whether the effect of an action shows, for this input, no more than its own write: that the API server took it. Such an
 * effect is asked for, as its absence shows that the fault did not take, and it is no proof that anything broke.
 */
export function showsOwnWrite({shows}: Pick<ActionDefinition, 'shows'>, input: unknown): boolean {
  return (typeof shows === 'function' ? shows(input) : shows) === 'own-write';
}
