import {assign, createActor, fromCallback, fromPromise, raise, type SnapshotFrom, setup} from 'xstate';
import {
  type Activity,
  type ActivityInput,
  type Answer,
  type Deadlines,
  type DrillInput,
  initialDeadlines,
  type PreflightAnswer,
  type Stop,
} from './lifecycle.ts';

/** Plain data only: it can be logged, compared and explored by path tests. */
interface Context {
  startAt: DrillInput['startAt'];
  deadlines: Deadlines;
  activity: Activity;
  /** Index of the running step within its phase. */
  cursor: number;
  /** The first reason to stop; later ones change nothing. */
  stop: Stop | null;
  /** An aborted activity did not settle within the grace time. */
  lost: boolean;
  /** How many pieces of work are going on that must not be cut off half-way. */
  held: number;
}

export type DrillEvent =
  /** End the forward part, undo, report: a signal, `kubedrill abort`, a stop condition. */
  | {type: 'ABORT'; stop: Stop}
  /** Work begins, or is over, that must not be cut off half-way. */
  | {type: 'HOLD'}
  | {type: 'RELEASE'}
  | {type: 'WATCH'}
  | {type: 'SAMPLE'}
  | {type: 'REST'}
  | {type: 'FINISHED'};

type Steps = 'prepare' | 'inject' | 'recover';

const missing = <Output>() =>
  fromPromise<Output, ActivityInput>(() => Promise.reject(new Error('no activity was provided')));

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const base = setup({
  types: {
    context: {} as Context,
    events: {} as DrillEvent,
    input: {} as DrillInput,
  },
  actors: {
    preflight: missing<PreflightAnswer>(),
    lock: missing<Answer>(),
    prepare: missing<void>(),
    probers: missing<Answer>(),
    steady: missing<Answer>(),
    gate: missing<Answer>(),
    inject: missing<void>(),
    effect: missing<void>(),
    recover: missing<void>(),
    verify: missing<void>(),
    undo: missing<void>(),
    report: missing<void>(),
    /** Samples while its state is on; what it returns stops the samplers. */
    sampling: fromCallback<DrillEvent>(() => undefined),
    /** Sends ABORT when a stop condition of the scenario holds. */
    stopConditions: fromCallback<DrillEvent>(() => undefined),
  },
  actions: {
    /** Provided by the drill: an activity begins. */
    begin: (_, _params: {activity: Activity}) => undefined,
    /** Provided by the drill: fires the running activity's own controller with the reason. */
    cancel: (_, _params: {stop: Stop | null}) => undefined,
    /** Provided by the drill: an aborted activity is given up; its effects may still land. */
    declareLost: () => undefined,
    setActivity: assign({activity: (_, params: {activity: Activity}) => params.activity}),
    rememberAbort: assign({
      stop: ({context, event}): Stop | null => context.stop ?? (event.type === 'ABORT' ? event.stop : null),
    }),
    rememberDeadline: assign({
      stop: ({context}): Stop | null =>
        context.stop ?? {cause: 'deadline', detail: `${context.activity} did not end within its deadline`},
    }),
    rememberFailure: assign({
      stop: ({context}, params: {error: unknown}): Stop | null =>
        context.stop ?? {cause: 'step', detail: messageOf(params.error)},
    }),
    setDeadlines: assign({deadlines: (_, params: {deadlines: Deadlines}) => params.deadlines}),
    startSampling: raise({type: 'SAMPLE'}),
    startWatching: raise({type: 'WATCH'}),
    markLost: assign({lost: true}),
    hold: assign({held: ({context}) => context.held + 1}),
    release: assign({held: ({context}) => Math.max(0, context.held - 1)}),
    firstStep: assign({cursor: 0}),
    nextStep: assign({cursor: ({context}) => context.cursor + 1}),
  },
  guards: {
    stopping: ({context}) => context.stop !== null,
    isHeld: ({context}) => context.held > 0,
    isLastHold: ({context}) => context.held <= 1,
    startsInUndo: ({context}) => context.startAt === 'undo',
    refused: (_, params: {output: Answer}) => params.output.refused,
    hasSteps: ({context}, params: {phase: Steps}) => context.deadlines[params.phase].length > 0,
    hasMore: ({context}, params: {phase: Steps}) => context.cursor + 1 < context.deadlines[params.phase].length,
  },
  delays: {
    deadline: ({context: {activity, cursor, deadlines}}) => {
      if (activity === 'undo' || activity === 'report') return deadlines.run;
      const own = deadlines[activity];
      return typeof own === 'number' ? own : (own[cursor] ?? 0);
    },
    run: ({context}) => context.deadlines.run,
    grace: ({context}) => context.deadlines.grace,
  },
});

/** Marks the activity's begin, for deadlines and for the journal. */
const entering = (activity: Activity) =>
  [
    {type: 'setActivity', params: {activity}},
    {type: 'begin', params: {activity}},
  ] as const;

const cancel = {type: 'cancel', params: ({context}: {context: Context}) => ({stop: context.stop})} as const;

/**
 * `running → stopping` below the state that holds the invoke: an aborted activity keeps its actor until it has
 * settled, so that undo never races with it. After the grace time it is declared lost, unless it is at work that must
 * not be cut off half-way: then it has that work's time, and the grace time once more.
 */
const interruptible = (away: '#undo' | '#report') =>
  ({
    initial: 'running',
    states: {
      running: {
        after: {deadline: {target: 'stopping', actions: ['rememberDeadline', cancel]}},
        on: {ABORT: {target: 'stopping', actions: ['rememberAbort', cancel]}},
      },
      stopping: {
        after: {
          grace: [
            {guard: 'isHeld', target: 'held'},
            {target: away, actions: ['markLost', 'declareLost']},
          ],
        },
      },
      held: {
        on: {RELEASE: [{guard: 'isLastHold', target: 'stopping', actions: 'release'}, {actions: 'release'}]},
      },
    },
  }) as const;

const failure = (away: '#undo' | '#report') =>
  ({
    target: away,
    actions: {type: 'rememberFailure', params: ({event}: {event: {error: unknown}}) => ({error: event.error})},
  }) as const;
const stopping = {guard: 'stopping', target: '#undo'} as const;
const refused = {
  guard: {type: 'refused', params: ({event}: {event: {output: Answer}}) => ({output: event.output})},
  target: '#undo',
} as const;
const input = ({context}: {context: Context}): ActivityInput => ({index: context.cursor});

/** `prepare`, `inject`, `recover`: one step after the other, each with a fresh actor and its own deadline. */
const first = (phase: Steps) =>
  ({guard: {type: 'hasSteps', params: {phase}}, target: phase, actions: 'firstStep'}) as const;
const again = (phase: Steps) =>
  ({
    guard: {type: 'hasMore', params: {phase}},
    target: phase,
    // Without reenter the next step would never start.
    reenter: true,
    actions: 'nextStep',
  }) as const;

/** One activity as a state: it is entered, done or failed, aborted or late, and never just left. */
const state = <const Name extends Activity, const Done>(
  name: Name,
  onDone: Done,
  away: '#undo' | '#report' = '#undo',
) =>
  ({
    ...interruptible(away),
    entry: entering(name),
    invoke: {id: name, src: name, input, onDone, onError: failure(away)},
  }) as const;

const shape = {
  type: 'setDeadlines',
  params: ({event}: {event: {output: PreflightAnswer}}) => ({deadlines: event.output.deadlines}),
} as const;

/**
 * The one machine that plays every drill. Three regions: the phases, the samplers, the watchdog. It decides order,
 * deadlines and ways out; the activities do the work and are provided by the drill (or by a test).
 */
export const drillMachine = base.createMachine({
  id: 'drill',
  context: ({input: {startAt}}) => ({
    startAt,
    deadlines: initialDeadlines,
    activity: 'preflight',
    cursor: 0,
    stop: null,
    lost: false,
    held: 0,
  }),
  type: 'parallel',
  on: {HOLD: {actions: 'hold'}, RELEASE: {actions: 'release'}},
  states: {
    lifecycle: {
      initial: 'start',
      states: {
        start: {always: [{guard: 'startsInUndo', target: '#undo'}, {target: 'preflight'}]},
        // Touches nothing: there is nothing to undo yet.
        preflight: state(
          'preflight',
          [
            {...stopping, target: '#report'},
            {...refused, target: '#report'},
            {target: 'lock', actions: [shape, 'startWatching']},
          ],
          '#report',
        ),
        lock: state('lock', [stopping, refused, first('prepare'), {target: 'probers'}]),
        prepare: state('prepare', [stopping, again('prepare'), {target: 'probers'}]),
        probers: state('probers', [stopping, refused, {target: 'steady', actions: 'startSampling'}]),
        steady: state('steady', [stopping, refused, {target: 'gate'}]),
        gate: state('gate', [stopping, refused, first('inject'), {target: 'effect'}]),
        inject: state('inject', [stopping, again('inject'), {target: 'effect'}]),
        effect: state('effect', [stopping, first('recover'), {target: 'verify'}]),
        recover: state('recover', [stopping, again('recover'), {target: 'verify'}]),
        verify: state('verify', {target: '#undo'}),
        // Always, once anything may have been changed. Deaf to ABORT; each undo has its own deadline.
        undo: {
          id: 'undo',
          entry: [raise({type: 'REST'}), ...entering('undo')],
          invoke: {id: 'undo', src: 'undo', input, onDone: {target: '#report'}, onError: failure('#report')},
        },
        // Always, also from an error.
        report: {
          id: 'report',
          entry: entering('report'),
          invoke: {
            id: 'report',
            src: 'report',
            input,
            onDone: {target: 'finished'},
            onError: {...failure('#report'), target: 'finished'},
          },
        },
        finished: {type: 'final', entry: raise({type: 'FINISHED'})},
      },
    },
    probing: {
      initial: 'off',
      on: {FINISHED: {target: '.finished'}},
      states: {
        off: {on: {SAMPLE: {target: 'on'}}},
        on: {invoke: {id: 'sampling', src: 'sampling'}, on: {REST: {target: 'off'}}},
        finished: {type: 'final'},
      },
    },
    watchdog: {
      initial: 'idle',
      on: {FINISHED: {target: '.finished'}},
      states: {
        /** Nothing to watch before the first fixture, nor while undo and report have the floor. */
        idle: {on: {WATCH: {target: 'watching'}}},
        watching: {
          invoke: {id: 'stopConditions', src: 'stopConditions'},
          after: {
            run: {
              target: 'idle',
              actions: raise({type: 'ABORT', stop: {cause: 'deadline', detail: 'the run exceeded its deadline'}}),
            },
          },
          on: {REST: {target: 'idle'}},
        },
        finished: {type: 'final'},
      },
    },
  },
});

export type DrillMachine = typeof drillMachine;
export type DrillSnapshot = SnapshotFrom<DrillMachine>;
export {createActor, fromCallback, fromPromise};
