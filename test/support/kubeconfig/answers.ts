import {credential, exec, given, plugin, speaking, v1} from './plugin.ts';
import {pem, type Row} from './row.ts';

/** What a plugin answers with. */
export const answers = (): Row[] => {
  const about = (...names: string[]) => names.map((name) => `ExecCredential.${name}`);
  const expired = {clientCertificateData: pem('expired.crt'), clientKeyData: pem('expired.key')};
  return [
    {
      about: about('kind'),
      does: 'may be absent',
      user: exec(),
      files: plugin({apiVersion: v1, status: {token: 'of-plugin'}}),
      outcome: {sends: given},
    },
    {
      about: about('kind'),
      does: 'is no other',
      user: exec(),
      files: plugin({...credential({token: 'x'}), kind: 'Pod'}),
      outcome: {refuses: /something else|no kind "Pod"/},
    },
    {
      about: about('apiVersion'),
      does: 'is there',
      user: exec(),
      files: plugin({kind: 'ExecCredential', status: {token: 'x'}}),
      outcome: {refuses: /something else|__internal/},
    },
    {
      about: about('apiVersion'),
      does: 'is the one that was asked for',
      user: exec(),
      files: plugin({...credential({token: 'x'}), apiVersion: `${v1}beta1`}),
      outcome: {refuses: /something else|plugin returned version/},
    },
    {
      about: about('spec'),
      does: 'changes nothing',
      user: exec(),
      files: plugin(credential({token: 'of-plugin'}, {spec: {interactive: false}})),
      outcome: {sends: given},
    },
    {
      about: about('status.token'),
      does: 'is JSON',
      user: exec(),
      files: plugin('apiVersion: v1'),
      outcome: {refuses: /no JSON|decoding stdout/},
    },
    {
      about: about('status.token'),
      does: 'is a text',
      user: exec(),
      files: plugin(credential({token: 5})),
      outcome: {refuses: /status\.token/},
    },
    {
      about: about('status.token'),
      does: 'or a certificate is there',
      user: exec(),
      files: plugin(credential({})),
      outcome: {refuses: /neither|didn't return a token/},
    },
    {
      about: about('status.token'),
      does: 'is nothing without a status',
      user: exec(),
      files: plugin({apiVersion: v1, kind: 'ExecCredential'}),
      outcome: {refuses: /neither|didn't return a status/},
    },
    {
      about: about('status.clientCertificateData', 'status.clientKeyData'),
      does: 'are shown',
      user: exec(),
      files: speaking(credential(expired)),
      outcome: {sends: {certificate: 'expired test user', authorization: undefined}},
    },
    {
      about: about('status.clientCertificateData', 'status.token'),
      does: 'go together',
      user: exec(),
      files: speaking(credential({...expired, token: 'of-plugin'})),
      outcome: {sends: {certificate: 'expired test user', ...given}},
    },
    {
      about: about('status.clientCertificateData', 'status.clientKeyData'),
      does: 'need each other',
      user: exec(),
      files: plugin(credential({token: 'x', clientKeyData: 'x'})),
      outcome: {refuses: /not (with )?both/},
    },
    {
      about: about('status.clientCertificateData'),
      does: 'is a certificate',
      user: exec(),
      files: plugin(credential({clientCertificateData: 'x', clientKeyData: 'y'})),
      outcome: {refuses: /certificate/},
    },
    {
      about: about('status.expirationTimestamp'),
      does: 'may be over',
      user: exec(),
      files: plugin(credential({token: 'of-plugin', expirationTimestamp: '2020-01-01T00:00:00Z'})),
      outcome: {sends: given},
    },
    {
      about: about('status.expirationTimestamp'),
      does: 'is a time',
      user: exec(),
      files: plugin(credential({token: 'x', expirationTimestamp: 'soon'})),
      outcome: {refuses: /no time|parsing time/},
    },
  ];
};
