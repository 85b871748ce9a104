import type {Instant} from '../../measure/index.ts';

/**
 * The causal account of a drill: which fault, which cure, or neither, began each outage and each red check; whether each
 * fault was proven on its own, each step of the recovery changed something, and somebody looked afterwards. Every row of
 * the verdict that asks "was it this?" reads it. Times are milliseconds on the runner's clock.
 */
export interface Account {
  faults: FaultAccount[];
  cures: CureAccount[];
  outages: OutageAccount[];
  reds: RedAccount[];
  watched: WatchAccount[];
  held: HeldAccount[];
  canaries: CanaryAccount[];
}

/** What speaks for a fault having done what it is there to do. */
export type ProofKind = 'effect' | 'prove' | 'outage' | 'check';

/** `ownWrite`: it only reads back what the fault itself wrote. Whether anybody took notice is not known. */
export interface Proof {
  by: ProofKind;
  detail: string;
  ownWrite?: true;
}

/** One fault that the scenario declares: a step of `inject` that changes something, or that a person does. */
export interface FaultAccount {
  path: string;
  /** Kind of the action, or what a person was to do. */
  what: string;
  /** From its first accepted change, or its begin by a person, to the answer. Absent: it never went out. */
  out?: Instant;
  /** Why it never went out. */
  why?: 'skipped' | 'changed nothing' | 'not played';
  /** What it broke comes back by itself: its undo only waits for the platform. */
  heals?: true;
  /** Its own proof, in the order in which they are asked for. Absent: nothing shows that it took effect. */
  proof?: Proof;
  /** What its own effect said last, when that was no. */
  unseen?: string;
  /** What its own effect shows, when that is no more than that the API server took its write. */
  written?: string;
}

/** One step of `recover` that can bring something back: an action, an undo, or what a person does. */
export interface CureAccount {
  path: string;
  what: string;
  /** When it began to act. Absent: it was not played. */
  acted?: Instant;
  /** Whether it changed anything. */
  changed: boolean;
  /** It took back a change of the fault, which it had found still there: by an undo, or an `object/apply`. */
  undid?: boolean;
  /** It did not end well: what it did until then is not known. */
  broke?: 'failed' | 'timeout' | 'lost';
  /** Why it changed nothing. */
  why?: 'skipped' | 'not played' | 'changed nothing';
}

/** What an outage or a red answer began by: a fault; perhaps the cure; or something that was there before any fault. */
export type Cause = 'fault' | 'cure' | 'neither';

export interface OutageAccount {
  service: string;
  began: Instant;
  ended?: Instant;
  cause: Cause;
  /** Faults that had gone out by then, each of which may have begun it. */
  faults: string[];
  /**
   * What can have ended it: the recovery, or something before the recovery acted; `either` where the recovery acted and
   * all that was broken comes back by itself as well. Absent while it is not over, and where the recovery has no step
   * that acts.
   */
  endedBy?: 'cure' | 'other' | 'either';
  /** Where no recovery acted: further steps of `inject` that did, while it was seen down. Each may have ended it. */
  menders?: string[];
}

/** The first answer of a check, after the fault, that is as declared for `broken`. */
export interface RedAccount {
  check: string;
  /** When the question went out and the answer came. Absent: it was never seen so. */
  seen?: Instant;
  cause?: Cause;
  /** Faults that may have turned it. Empty where it was to answer so before the fault as well. */
  faults: string[];
  /** When it was last asked before the recovery changed anything, and answered as it should only after it. */
  back?: Instant;
  /** Where no recovery acted: further steps of `inject` that did, while it was seen so. Each may have mended it. */
  menders?: string[];
}

/** Whether a series of a service looked after the faults had taken effect. */
export interface WatchAccount {
  series: string;
  service: string;
  /** A sample that could say something began after every fault's effect. */
  after: boolean;
  /**
   * One of these also ended before the recovery acted, or the undo began. Said of services that the fault was to take
   * down, or to leave alone, and was not seen to take down: else the outage itself shows that somebody looked.
   */
  during?: boolean;
}

/** Whether a check kept answering as declared while services were held to `stableFor`. */
export interface HeldAccount {
  check: string;
  /** When it answered otherwise again, after everything had been well. */
  red?: number;
  /** When it was next as declared. Absent: it was red to the end. */
  green?: number;
  detail?: string;
  /** Milliseconds for which it had answered as declared, unbroken, when the drill ended. */
  lasted?: number;
}

/** Whether a canary's store takes writes again. Not said of residents, which write by themselves. */
export interface CanaryAccount {
  canary: string;
  /** Writes that began after the recovery, and how many of these were taken. */
  tried: number;
  taken: number;
}
