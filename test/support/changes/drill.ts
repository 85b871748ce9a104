import type {JsonObject} from '../../../src/io/json.ts';
import type {Prepared} from './prepare.ts';

/** A kind with what built-in kinds do not have together: 64-bit integers, keyed lists, a status, fields of any shape. */
export const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'widgets.tests.kubedrill.dev'},
  spec: {
    group: 'tests.kubedrill.dev',
    scope: 'Namespaced',
    names: {kind: 'Widget', plural: 'widgets', singular: 'widget'},
    versions: [
      {
        ...{name: 'v1', served: true, storage: true, subresources: {status: {}}},
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  big: {type: 'integer', format: 'int64'},
                  ratio: {type: 'number'},
                  mode: {type: 'string', default: 'usual'},
                  free: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: {name: {type: 'string'}, size: {type: 'integer', format: 'int64'}},
                    },
                  },
                },
              },
              status: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
            },
          },
        },
      },
    ],
  },
};

/** A drill that changes all of it, lets strangers act while its changes are in place, and takes everything back. */
export function scenarioOf(prepared: readonly Prepared[], hasStrangers: boolean): string {
  const steps: JsonObject[] = prepared.map(({step}) => step);
  const scenario: JsonObject = {
    ...{
      apiVersion: 'kubedrill.dev/v1',
      kind: 'Scenario',
      metadata: {name: 'changes', title: 'Changes', owner: 'tests'},
    },
    spec: {
      type: 'redundancy',
      target: {environments: ['ephemeral'], maxTargets: 40, maxCascade: 40},
      accept: [
        {loss: 'status', of: ['Widget', 'Job', 'Pod'], reason: 'tests'},
        {loss: 'volumeData', of: ['PersistentVolumeClaim'], reason: 'tests'},
        {loss: 'addresses', of: ['Pod', 'Service'], reason: 'tests'},
      ],
      probes: [{name: 'api', uses: 'kubernetes/api', from: 'runner', every: '1s'}],
      services: {api: {up: ['api'], outage: 'none'}},
      steady: {for: '100ms'},
      inject: [...steps, ...(hasStrangers ? [{manual: 'Somebody else acts'}] : [])],
      effect: {within: '3s'},
      verify: {
        ...{within: '10s', stableFor: '100ms'},
        checks: [
          {
            name: 'api',
            uses: 'kubernetes/api',
            states: {before: 'pass', broken: 'skip', after: 'pass'},
            control: 'unknownPath',
          },
        ],
      },
      stopWhen: {none: 'tests'},
    },
  };
  return JSON.stringify(scenario);
}
