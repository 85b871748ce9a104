import type {Parts} from '../../support/sabotage.ts';

/** A file that is not accepted at all: there is no run, and the exit code is 2. */
export interface FileCase {
  name: string;
  scenario: Parts;
  because: RegExp;
}

const check = (more: string) =>
  `[{name: it, uses: kubernetes/object, with: {apiVersion: v1, kind: Pod, namespace: shop}, ${more}}]`;

/** Scenarios whose verdict would mean nothing, found before anything is asked. */
export const files: readonly FileCase[] = [
  {
    name: 'a stop condition that no deadline lets come true',
    scenario: {stopWhen: '[{service: web, downFor: 24h}]'},
    because: /this can never fire/,
  },
  {
    name: 'less time to recover in than the target allows',
    scenario: {objectives: '[{rto: 1m, of: web, from: fault, source: a test}]', within: '30s'},
    because: /a recovery in time could not be seen/,
  },
  {
    name: 'samples that overlap',
    scenario: {probes: '[{name: answers, uses: tcp, from: runner, every: 100ms, timeout: 1s, with: {address: "a:1"}}]'},
    because: /samples would overlap/,
  },
  {name: 'a disaster without an objective', scenario: {objectives: '[]'}, because: /needs `objectives`/},
  {name: 'a disaster without services', scenario: {services: '{}'}, because: /needs `services`/},
  {name: 'a disaster without a fault', scenario: {inject: '[]', recover: '[]'}, because: /needs `inject`/},
  {
    name: 'a redundancy that may go down',
    scenario: {type: 'redundancy', services: '{web: {up: [answers], outage: possible}}'},
    because: /every service has outage: none/,
  },
  {
    name: 'an inspection whose check has no control',
    scenario: {type: 'inspection', checks: check('expect: "true"')},
    because: /every check needs a `control`/,
  },
  {
    name: 'a figure that does not say from when it counts',
    scenario: {objectives: '[{rto: 1s, of: web, source: a test}]'},
    because: /an objective `rto` needs `from`/,
  },
  {
    name: 'a target of a service that is not sampled',
    scenario: {objectives: '[{rto: 1s, of: wep, from: fault, source: a test}]'},
    because: /there is no service "wep"/,
  },
  {
    name: 'a service of a probe that is not there',
    scenario: {services: '{web: {up: [answer]}}'},
    because: /there is no probe "answer"/,
  },
  {
    name: 'a member that nothing reads',
    scenario: {steady: '{for: 300ms, tolerance: 1}'},
    because: /tolerance/,
  },
  {
    name: 'a share of good samples of nothing',
    scenario: {services: '{web: {up: [answers], okRatio: 0}}'},
    because: /okRatio/,
  },
  {
    name: 'a fault that hits no pod by its count',
    scenario: {inject: '[{uses: pod/delete, with: {namespace: shop, selector: app=web, count: 0}}]', recover: '[]'},
    because: /count/,
  },
  {
    name: 'a fault that says nothing about how much it may hit',
    scenario: {target: '{environments: [practice]}'},
    because: /"maxTargets" is missing/,
  },
  {
    name: 'a command that changes something and cannot be undone',
    scenario: {inject: '[{uses: command/run, with: {argv: ["true"]}}]', recover: '[]'},
    because: /a command needs an undo/,
  },
  {
    name: 'a recovery by the undo of a step that is no fault',
    scenario: {recover: '[{undo: two}]'},
    because: /there is no step with id "two"/,
  },
  {
    name: 'an expression over a name that is never seen',
    scenario: {checks: check('expect: status == 200')},
    because: /status/,
  },
];
