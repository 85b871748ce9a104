import {credential, exec, plugin} from './plugin.ts';
import {anonymous, data, file, pem, type Row, sesame, token} from './row.ts';

/** What a user shows. */
export const users = (http: string): Row[] => {
  const certificate = {'client-certificate': file('expired.crt'), 'client-key': file('expired.key')};
  const inside = {'client-certificate-data': data('expired.crt'), 'client-key-data': data('expired.key')};
  const owner = {certificate: 'expired test user'};
  const about = (...names: string[]) => names.map((name) => `users.user.${name}`);
  const oidc = {'idp-issuer-url': 'https://127.0.0.1:1', 'client-id': 'drill'};
  const jwt = `${Buffer.from('{}').toString('base64url')}.${Buffer.from(JSON.stringify({exp: 32_503_680_000})).toString('base64url')}.y`;
  const provider = (more: object) => ({'auth-provider': {name: 'oidc', config: {...oidc, ...more}}});
  return [
    {about: about('token'), does: 'is sent', outcome: {sends: sesame}},
    {about: about('token'), does: 'is a text', user: {token: 5}, outcome: {refuses: /token/}},
    {
      about: about('tokenFile'),
      does: 'counts from the kubeconfig, without what is around the token',
      user: {tokenFile: './token'},
      files: {token: ' of-file\n'},
      outcome: {sends: {authorization: 'Bearer of-file'}},
    },
    {
      about: about('tokenFile', 'token'),
      does: 'goes before the token',
      user: {...token, tokenFile: 'token'},
      files: {token: 'of-file'},
      outcome: {sends: {authorization: 'Bearer of-file'}},
    },
    {
      about: about('tokenFile', 'token'),
      does: 'gives way to the token when it cannot be read',
      user: {...token, tokenFile: 'none'},
      outcome: {sends: sesame},
    },
    {about: about('tokenFile'), does: 'is there', user: {tokenFile: 'none'}, outcome: {refuses: /none/}},
    {
      about: about('tokenFile'),
      does: 'is not empty',
      user: {tokenFile: 'token'},
      files: {token: ''},
      outcome: {refuses: /is empty/},
      kubectl: {refuses: /Please enter Username/, why: anonymous},
    },
    {
      about: about('username', 'password'),
      does: 'are sent as UTF-8',
      user: {username: 'jörg', password: 'p:w'},
      outcome: {sends: {authorization: `Basic ${Buffer.from('jörg:p:w').toString('base64')}`}},
    },
    {
      about: about('username'),
      does: 'needs no password',
      user: {username: 'a'},
      outcome: {sends: {authorization: `Basic ${Buffer.from('a:').toString('base64')}`}},
    },
    {
      about: about('password'),
      does: 'needs a name',
      user: {password: 'b'},
      outcome: {refuses: /without a username/},
      kubectl: {refuses: /Please enter Username/, why: anonymous},
    },
    {
      about: about('token', 'username'),
      does: 'exclude each other',
      user: {...token, username: 'a', password: 'b'},
      outcome: {refuses: /token and a password|more than one authentication/},
    },
    {
      about: about('tokenFile', 'username'),
      does: 'exclude each other',
      user: {tokenFile: 'token', username: 'a'},
      files: {token: 'x'},
      outcome: {refuses: /token and a password|not both/},
    },
    {
      about: about('client-certificate', 'client-key'),
      does: 'are shown, beside a token',
      user: {...certificate, ...token},
      outcome: {sends: {...owner, ...sesame}},
    },
    {
      about: about('client-certificate-data', 'client-key-data'),
      does: 'are shown',
      user: inside,
      outcome: {sends: owner},
    },
    {
      about: about('client-certificate', 'client-key-data'),
      does: 'may be mixed',
      user: {'client-certificate': 'my.crt', 'client-key-data': data('expired.key')},
      files: {'my.crt': pem('expired.crt')},
      outcome: {sends: owner},
    },
    {
      about: about('client-certificate', 'client-certificate-data'),
      does: 'is given once',
      user: {...certificate, 'client-certificate-data': data('expired.crt')},
      outcome: {refuses: /both/},
    },
    {
      about: about('client-key', 'client-key-data'),
      does: 'is given once',
      user: {...certificate, 'client-key-data': data('expired.key')},
      outcome: {refuses: /both/},
    },
    {
      about: about('client-certificate'),
      does: 'needs a key',
      user: {...certificate, 'client-key': undefined},
      outcome: {refuses: /client-key/},
    },
    {
      about: about('client-key'),
      does: 'is nothing alone',
      user: {'client-key': file('expired.key'), ...token},
      outcome: {sends: {...sesame, certificate: undefined}},
    },
    {
      about: about('client-certificate-data'),
      does: 'is base64',
      user: {...inside, 'client-certificate-data': '-----BEGIN'},
      outcome: {refuses: /base64/},
    },
    {
      about: about('client-certificate-data', 'client-key-data'),
      does: 'are what they are called',
      user: {'client-certificate-data': 'eA==', 'client-key-data': 'eQ=='},
      outcome: {refuses: /certificate/},
    },
    {
      about: about('auth-provider.name'),
      does: 'is none that is gone',
      user: {'auth-provider': {name: 'gcp'}},
      outcome: {refuses: /gcp/},
    },
    {
      about: about('auth-provider.name'),
      does: 'is there',
      user: {'auth-provider': {config: {a: 'b'}}},
      outcome: {refuses: /auth-provider ""|Auth Provider found for name ""/},
    },
    {
      about: about('auth-provider.name'),
      does: 'does not matter over plain http',
      cluster: {server: http},
      user: {'auth-provider': {name: 'gcp'}},
      outcome: {sends: {plain: true}},
    },
    {
      about: about('auth-provider.config'),
      does: 'has the token of oidc',
      user: provider({'id-token': jwt}),
      outcome: {sends: {authorization: `Bearer ${jwt}`}},
    },
    {
      about: about('auth-provider.config', 'token'),
      does: 'gives way to a token',
      user: {...token, ...provider({})},
      outcome: {sends: sesame},
    },
    {
      about: about('auth-provider.config'),
      does: 'has an issuer',
      user: {'auth-provider': {name: 'oidc'}},
      outcome: {refuses: /idp-issuer-url/},
    },
    {
      about: about('auth-provider.config'),
      does: 'can give a token',
      user: provider({}),
      outcome: {refuses: /refresh-token/},
    },
    {
      about: about('auth-provider.config'),
      does: 'is renewed, which fails without its issuer',
      user: provider({'refresh-token': 'r'}),
      outcome: {refuses: /credentials.*cannot be used|was refused/},
    },
    {
      about: about('auth-provider.name', 'exec.command'),
      does: 'exclude each other',
      user: {...exec(), ...provider({})},
      files: plugin(credential(token)),
      outcome: {refuses: /auth-?provider/i},
    },
    {
      about: ['users.name'],
      does: 'has nothing to show',
      user: {},
      outcome: {sends: {authorization: undefined}},
      kubectl: {refuses: /Please enter Username/, why: anonymous},
    },
  ];
};
