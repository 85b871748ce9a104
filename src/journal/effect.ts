/** One look at whether a fault took effect: a step's own effect, a service, or `effect.prove`. */
export interface EffectSeen {
  type: 'effect.seen';
  /** Path of the step, `service/<name>`, or `effect.prove`. */
  path: string;
  seen: boolean;
  detail: string;
  /** It shows only that the API server holds what the fault itself wrote: no proof that anything broke. */
  ownWrite?: true;
  /** `effect.prove`: what the question said right before the fault, when that was a no. */
  before?: string;
}
