import type {ReportModel} from '../types.ts';
import type {FaultAccount, OutageAccount, RedAccount} from './types.ts';

interface Evidence {
  effects: ReportModel['effects'];
  outages: readonly OutageAccount[];
  reds: readonly RedAccount[];
}

/**
 * Gives each fault that went out its own proof: its own effect, where that shows more than its own write; `effect.prove`
 * of the scenario, where it was not so before the fault; an outage, or a check that turned, which can only be its. What
 * any of several faults may have made proves none of them, and `effect.prove` speaks of the one that has nothing else.
 */
export function proven(faults: readonly FaultAccount[], {effects, outages, reds}: Evidence): FaultAccount[] {
  const told = faults.map((fault) => withEffect(fault, effects));
  const bare = told.filter(({out, proof, unseen}) => out !== undefined && proof === undefined && unseen === undefined);
  const prove = effects.find(({path, seen, before}) => path === 'effect.prove' && seen && before !== undefined);
  const chance = (fault: FaultAccount) => outageOf(fault, outages) ?? redOf(fault, reds);
  const open = bare.length === 1 ? bare : bare.filter((fault) => chance(fault) === undefined);
  return told.map((fault) => {
    if (!bare.includes(fault)) return fault;
    const isMeant = open.length === 1 && open[0] === fault;
    const declared = isMeant && prove ? {by: 'prove' as const, detail: prove.detail} : undefined;
    const proof = declared ?? chance(fault);
    return proof === undefined ? fault : {...fault, proof};
  });
}

function withEffect(fault: FaultAccount, effects: ReportModel['effects']): FaultAccount {
  const own = effects.find(({path}) => path === fault.path);
  if (fault.out === undefined || own === undefined) return fault;
  if (!own.seen) return {...fault, unseen: own.detail};
  return own.ownWrite ? {...fault, written: own.detail} : {...fault, proof: {by: 'effect', detail: own.detail}};
}

function outageOf(fault: FaultAccount, outages: readonly OutageAccount[]): FaultAccount['proof'] {
  const outage = outages.find(({cause, faults: may}) => cause === 'fault' && isOnly(may, fault));
  return outage && {by: 'outage', detail: `${outage.service} went down`};
}

function redOf(fault: FaultAccount, reds: readonly RedAccount[]): FaultAccount['proof'] {
  const red = reds.find(({cause, faults: may}) => cause === 'fault' && isOnly(may, fault));
  return red && {by: 'check', detail: `the check "${red.check}" turned`};
}

const isOnly = (paths: readonly string[], {path}: FaultAccount): boolean => paths.length === 1 && paths[0] === path;
