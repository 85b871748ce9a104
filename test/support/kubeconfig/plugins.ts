import {credential, exec, given, info, plugin, telling, told, v1} from './plugin.ts';
import {data, file, insecure, type Row, sesame, token, verified} from './row.ts';

/** The plugin itself: `users[].user.exec`. */
export const plugins = (https: string, http: string): Row[] => {
  const about = (...names: string[]) => names.map((name) => `users.user.exec.${name}`);
  const good = plugin(credential({token: 'of-plugin'}));
  return [
    {
      about: about('command'),
      does: 'with a slash counts from the kubeconfig',
      user: exec({command: 'bin/plugin'}),
      files: {'bin/plugin': good.plugin},
      outcome: {sends: given},
    },
    {
      about: about('command'),
      does: 'without a slash is looked for in PATH',
      user: exec({command: 'sh', args: ['-c', `echo '${JSON.stringify(credential({token: 'of-plugin'}))}'`]}),
      outcome: {sends: given},
    },
    {
      about: about('command'),
      does: 'without a slash is not beside the kubeconfig',
      user: exec({command: 'plugin'}),
      files: good,
      outcome: {refuses: /plugin is not installed|executable plugin not found/},
    },
    {
      about: about('command', 'env'),
      does: 'is not looked for in a PATH of its own',
      user: exec({command: 'some-plugin', env: [{name: 'PATH', value: '.'}]}),
      files: {'some-plugin': good.plugin},
      outcome: {refuses: /not installed|not found/},
    },
    {
      about: about('command'),
      does: 'is there',
      user: exec({command: ''}),
      outcome: {refuses: /no command|command must be specified/},
    },
    {
      about: about('command'),
      does: 'can be run',
      user: exec({command: './none'}),
      outcome: {refuses: /none is not installed|no such file/},
    },
    {
      about: about('command'),
      does: 'is not needed beside a token',
      user: {...exec({command: './none'}), ...token},
      outcome: {sends: sesame},
    },
    {
      about: about('command'),
      does: 'is not needed beside a certificate',
      user: {
        ...exec({command: './none'}),
        'client-certificate': file('expired.crt'),
        'client-key': file('expired.key'),
      },
      outcome: {sends: {certificate: 'expired test user', authorization: undefined}},
    },
    {
      about: about('command'),
      does: 'is not run for plain http',
      cluster: {server: http},
      user: exec({command: './none'}),
      outcome: {sends: {plain: true}},
    },
    {
      about: about('command'),
      does: 'may read what is not there',
      user: exec(),
      files: plugin(credential({token: 'of-plugin'}), 'cat'),
      outcome: {sends: given},
    },
    {
      about: about('command'),
      does: 'is believed only when it ends well',
      user: exec(),
      files: plugin(credential({token: 'x'}), 'trap "exit 3" EXIT'),
      outcome: {refuses: /exit code 3/},
    },
    {
      about: about('args'),
      does: 'are given as they are',
      user: exec({args: ['a b', '$c']}),
      files: {plugin: `#!/bin/sh\nprintf '{"apiVersion":"${v1}","status":{"token":"%s"}}' "$1|$2|$#"\n`},
      outcome: {sends: {authorization: 'Bearer a b|$c|2'}},
    },
    {about: about('args'), does: 'are texts', user: exec({args: [5]}), files: good, outcome: {refuses: /args/}},
    {
      about: about('env'),
      does: 'is added, and does not hide what it is told',
      user: exec({
        env: [
          {name: 'TOLD', value: 'mine '},
          {name: 'KUBERNETES_EXEC_INFO', value: 'false'},
        ],
      }),
      files: telling,
      outcome: {sends: {authorization: told(`mine ${info()}`)}},
    },
    {
      about: about('env'),
      does: 'has names',
      user: exec({env: [{value: 'a'}]}),
      files: good,
      outcome: {refuses: /name/},
    },
    {
      about: about('apiVersion'),
      does: 'is there',
      user: exec({apiVersion: undefined}),
      files: good,
      outcome: {refuses: /apiVersion/},
    },
    {
      about: about('apiVersion'),
      does: 'is no older one',
      user: exec({apiVersion: 'client.authentication.k8s.io/v1alpha1'}),
      files: good,
      outcome: {refuses: /v1alpha1/},
    },
    {
      about: about('apiVersion', 'interactiveMode'),
      does: 'may be v1beta1, which needs no interactiveMode',
      user: exec({apiVersion: `${v1}beta1`, interactiveMode: undefined}),
      files: plugin({apiVersion: `${v1}beta1`, status: {token: 'of-plugin'}}),
      outcome: {sends: given},
    },
    {
      about: about('installHint'),
      does: 'is told when it is not installed',
      user: exec({command: 'no-such-plugin', installHint: 'brew install it'}),
      outcome: {refuses: /brew install it|no-such-plugin not found/},
    },
    {
      about: about('provideClusterInfo'),
      does: 'tells it of the cluster',
      cluster: {
        ...insecure,
        server: `${https}/a/?b`,
        'tls-server-name': 'localhost',
        'disable-compression': true,
        extensions: [
          {name: 'client.authentication.k8s.io/exec', extension: {aud: 'x'}},
          {name: 'other', extension: 1},
        ],
      },
      user: exec({provideClusterInfo: true}),
      files: telling,
      env: {HTTPS_PROXY: 'http://127.0.0.1:1'},
      outcome: {
        sends: {
          path: '/a/readyz',
          authorization: told(
            info({
              server: `${https}/a/`,
              'tls-server-name': 'localhost',
              'insecure-skip-tls-verify': true,
              'disable-compression': true,
              config: {aud: 'x'},
            }),
          ),
        },
      },
    },
    {
      about: about('provideClusterInfo'),
      does: 'tells it of the authority',
      cluster: verified('server.crt'),
      user: exec({provideClusterInfo: true}),
      files: plugin(
        '',
        `case "$KUBERNETES_EXEC_INFO" in *'"certificate-authority-data":"${data('server.crt')}"'*) exec echo '${JSON.stringify(credential({token: 'of-plugin'}))}';; esac; exit 1`,
      ),
      outcome: {sends: given},
    },
    {
      about: about('interactiveMode'),
      does: 'is there',
      user: exec({interactiveMode: undefined}),
      files: good,
      outcome: {refuses: /interactiveMode/},
    },
    {
      about: about('interactiveMode'),
      does: 'is a known one',
      user: exec({interactiveMode: 'Sometimes'}),
      files: good,
      outcome: {refuses: /interactiveMode/},
    },
    {
      about: about('interactiveMode'),
      does: 'may be IfAvailable',
      user: exec({interactiveMode: 'IfAvailable'}),
      files: telling,
      outcome: {sends: {authorization: told(info())}},
    },
    {
      about: about('interactiveMode'),
      does: 'is not Always without a terminal',
      user: exec({interactiveMode: 'Always'}),
      files: good,
      outcome: {refuses: /terminal/},
    },
  ];
};
