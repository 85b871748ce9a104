import {anonymous, type Row, sesame, token} from './row.ts';

/** The file, and what its parts are called. */
export const general = (https: string): Row[] => [
  {
    about: ['kind', 'apiVersion'],
    does: 'may be absent',
    config: {kind: undefined, apiVersion: undefined},
    outcome: {sends: sesame},
  },
  {about: ['kind'], does: 'is no other', config: {kind: 'Pod'}, outcome: {refuses: /kind/}},
  {
    about: ['apiVersion'],
    does: 'is no other',
    config: {apiVersion: 'v2'},
    outcome: {refuses: /apiVersion|version "v2"/},
  },
  {
    about: [
      'preferences.colors',
      'preferences.extensions',
      'extensions',
      'users.user.extensions',
      'contexts.context.extensions',
    ],
    does: 'changes nothing, and so does what is no field',
    config: {preferences: {colors: true, extensions: []}, extensions: [{name: 'a', extension: {b: 1}}], more: 1},
    user: {...token, extensions: [{name: 'a', extension: 1}], more: 1},
    context: {extensions: [{name: 'a', extension: 1}]},
    outcome: {sends: sesame},
  },
  {
    about: ['preferences.colors'],
    does: 'is a flag',
    config: {preferences: {colors: 'red'}},
    outcome: {refuses: /colors/},
  },
  {
    about: ['current-context', 'contexts.name'],
    does: 'names the context',
    config: {'current-context': 'gone'},
    outcome: {refuses: /no context "gone"|context was not found/},
  },
  {
    about: ['current-context'],
    does: 'must be there when no context is chosen',
    config: {'current-context': ''},
    outcome: {refuses: /no context is chosen/},
    kubectl: {
      refuses: /localhost:8080/,
      why: 'kubectl goes to localhost:8080: a drill needs a cluster that somebody has named',
    },
  },
  {
    about: ['clusters.name', 'contexts.context.cluster'],
    does: 'is looked up',
    context: {cluster: 'gone'},
    outcome: {refuses: /names the cluster "gone"/},
    kubectl: {refuses: /localhost:8080/, why: 'the same'},
  },
  {
    about: ['users.name', 'contexts.context.user'],
    does: 'is looked up',
    context: {user: 'gone'},
    outcome: {refuses: /names the user "gone"/},
    kubectl: {refuses: /Please enter Username/, why: anonymous},
  },
  {
    about: ['contexts.context.user'],
    does: 'may be absent',
    context: {user: undefined},
    outcome: {sends: {}},
    kubectl: {refuses: /Please enter Username/, why: anonymous},
  },
  {
    about: ['contexts.context.namespace'],
    does: 'is not part of what is sent',
    context: {namespace: 'shop'},
    outcome: {sends: sesame},
  },
  {
    about: ['users.name'],
    does: 'is there once',
    config: {
      users: [
        {name: 'u', user: token},
        {name: 'u', user: {token: 'other'}},
      ],
    },
    outcome: {refuses: /twice|duplicate name/},
  },
  {
    about: ['clusters.name'],
    does: 'is there',
    config: {clusters: [{cluster: {server: https}}]},
    outcome: {refuses: /clusters\[0\] has no name/},
    kubectl: {refuses: /localhost:8080/, why: 'nothing can name it'},
  },
  {
    about: ['users.user.token'],
    does: 'is read as YAML 1.1, the first document of several',
    text: `clusters: [{name: c, cluster: {server: "${https}", insecure-skip-tls-verify: yes}}]
users: [{name: u, user: {token: 2024-01-01}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
---
current-context: other
`,
    outcome: {sends: {authorization: 'Bearer 2024-01-01'}},
  },
];
