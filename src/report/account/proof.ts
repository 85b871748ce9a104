import {readsBack} from '../../io/read-back.ts';
import type {Target} from '../../io/target.ts';
import type {PlanRecord} from '../../journal/plan.ts';
import type {ReportModel} from '../types.ts';
import type {FaultAccount, OutageAccount, Proof, RedAccount} from './types.ts';

interface Evidence {
  effects: ReportModel['effects'];
  outages: readonly OutageAccount[];
  reds: readonly RedAccount[];
  plan: Pick<PlanRecord, 'checks' | 'prove'>;
  /** What the calls of a step wrote to. */
  writtenBy: (path: string) => readonly Target[];
}

/**
 * Gives each fault that went out its own proof: its own effect, where that shows more than its own write; `effect.prove`
 * of the scenario, where it was not so before the fault; an outage, or a check that turned, which can only be its. What
 * any of several faults may have made proves none of them, and `effect.prove` speaks of the one that has nothing else.
 * What only reads back the fault's own write is the last of all, and marked.
 */
export function proven(faults: readonly FaultAccount[], evidence: Evidence): FaultAccount[] {
  const {effects} = evidence;
  const told = faults.map((fault) => withEffect(fault, effects));
  const bare = told.filter(({out, proof, unseen}) => out !== undefined && proof === undefined && unseen === undefined);
  const prove = effects.find(({path, seen, before}) => path === 'effect.prove' && seen && before !== undefined);
  const open = bare.length === 1 ? bare : bare.filter((fault) => chancesOf(fault, evidence).length === 0);
  return told.map((fault) => {
    if (!bare.includes(fault)) return fault;
    const isMeant = open.length === 1 && open[0] === fault;
    const declared = isMeant && prove ? [proofBy('prove', prove.detail, fault, evidence)] : [];
    const all = [...declared, ...chancesOf(fault, evidence)];
    const proof = all.find(({ownWrite}) => ownWrite !== true) ?? all[0];
    return proof === undefined ? fault : {...fault, proof};
  });
}

/** Faults of which nothing more is shown than that the API server took their write: nobody was seen to notice them. */
export const unnoticed = (faults: readonly FaultAccount[]): FaultAccount[] =>
  faults.filter(({proof}) => proof?.ownWrite === true);

function withEffect(fault: FaultAccount, effects: ReportModel['effects']): FaultAccount {
  const own = effects.find(({path}) => path === fault.path);
  if (fault.out === undefined || own === undefined) return fault;
  if (!own.seen) return {...fault, unseen: own.detail};
  return own.ownWrite ? {...fault, written: own.detail} : {...fault, proof: {by: 'effect', detail: own.detail}};
}

/** What only this fault can have made, whether it was meant to be its proof or not. */
function chancesOf(fault: FaultAccount, evidence: Evidence): Proof[] {
  const outage = evidence.outages.find(({cause, faults: may}) => cause === 'fault' && isOnly(may, fault));
  const reds = evidence.reds.filter(({cause, faults: may}) => cause === 'fault' && isOnly(may, fault));
  return [
    ...(outage ? [{by: 'outage' as const, detail: `${outage.service} went down`}] : []),
    ...reds.map(({check}) => proofBy('check', `the check "${check}" turned`, fault, evidence, check)),
  ];
}

/** An answer, marked where its question looks at nothing but what the fault wrote. */
function proofBy(
  by: 'prove' | 'check',
  detail: string,
  {path}: FaultAccount,
  {plan, writtenBy}: Evidence,
  check?: string,
): Proof {
  const question = by === 'prove' ? plan.prove : plan.checks.find(({name}) => name === check);
  const isOwn = question !== undefined && readsBack(question, writtenBy(path));
  return {by, detail, ...(isOwn ? {ownWrite: true} : {})};
}

const isOnly = (paths: readonly string[], {path}: FaultAccount): boolean => paths.length === 1 && paths[0] === path;
