import type {FaultAccount, OutageAccount, RedAccount} from './types.ts';

interface Evidence {
  effects: readonly {path: string; seen: boolean; detail: string}[];
  outages: readonly OutageAccount[];
  reds: readonly RedAccount[];
}

/**
 * Gives each fault that went out its own proof: its own effect; `effect.prove` of the scenario, which speaks of the whole
 * injection; an outage, or a check that turned, which can only be its. One that any of several faults may have made
 * proves none of them.
 */
export function proven(faults: readonly FaultAccount[], {effects, outages, reds}: Evidence): FaultAccount[] {
  const prove = effects.find(({path, seen}) => path === 'effect.prove' && seen);
  return faults.map((fault) => {
    if (fault.out === undefined) return fault;
    const own = effects.find(({path}) => path === fault.path);
    if (own !== undefined && !own.seen) return {...fault, unseen: own.detail};
    if (own !== undefined) return {...fault, proof: {by: 'effect', detail: own.detail}};
    if (prove !== undefined) return {...fault, proof: {by: 'prove', detail: prove.detail}};
    const outage = outages.find(({cause, faults: may}) => cause === 'fault' && isOnly(may, fault));
    if (outage !== undefined) return {...fault, proof: {by: 'outage', detail: `${outage.service} went down`}};
    const red = reds.find(({cause, faults: may}) => cause === 'fault' && isOnly(may, fault));
    if (red !== undefined) return {...fault, proof: {by: 'check', detail: `the check "${red.check}" turned`}};
    return fault;
  });
}

const isOnly = (paths: readonly string[], {path}: FaultAccount): boolean => paths.length === 1 && paths[0] === path;
