import {anonymous, data, file, insecure, pem, type Row, sesame, token, verified} from './row.ts';
import type {Servers} from './servers.ts';

/** Where a cluster is, and whether it is the right one. */
export const servers = ({https, issued, http}: Pick<Servers, 'https' | 'issued' | 'http'>): Row[] => [
  {
    about: ['clusters.cluster.server'],
    does: 'may have a path',
    cluster: {server: `${https}/a/b/`},
    outcome: {sends: {path: '/a/b/readyz'}},
  },
  {
    about: ['clusters.cluster.server'],
    does: 'sends no query of its own',
    cluster: {server: `${https}/a?b=c#d`},
    outcome: {sends: {path: '/a/readyz'}},
  },
  {
    about: ['clusters.cluster.server'],
    does: 'is sent no credentials over plain http, but whom to be',
    cluster: {server: http},
    user: {...token, as: 'jane', 'client-certificate': file('expired.crt'), 'client-key': file('expired.key')},
    outcome: {sends: {plain: true, impersonate: ['impersonate-user: jane'], path: '/readyz'}},
  },
  {
    about: ['clusters.cluster.server'],
    does: 'is plain http without a scheme',
    cluster: {server: http.replace('http://', '')},
    outcome: {sends: {plain: true}},
  },
  {
    about: ['clusters.cluster.server'],
    does: 'has no name and password in it',
    cluster: {server: https.replace('//', '//me:secret@')},
    user: {},
    outcome: {refuses: /without a user name/},
    kubectl: {refuses: /Please enter Username/, why: anonymous},
  },
  {
    about: ['clusters.cluster.tls-server-name'],
    does: 'is asked for, and checked',
    cluster: {...verified('server.crt'), 'tls-server-name': 'localhost'},
    outcome: {sends: {sni: 'localhost'}},
  },
  {
    about: ['clusters.cluster.tls-server-name'],
    does: 'must be in the certificate',
    cluster: {...verified('server.crt'), 'tls-server-name': 'other'},
    outcome: {refuses: /valid for localhost|altname/i},
  },
  {
    about: ['clusters.cluster.insecure-skip-tls-verify'],
    does: 'is checked without',
    cluster: {'insecure-skip-tls-verify': false},
    outcome: {refuses: /self[- ]signed|unknown authority/},
  },
  {
    about: ['clusters.cluster.certificate-authority'],
    does: 'is trusted',
    cluster: verified('server.crt'),
    outcome: {sends: sesame},
  },
  {
    about: ['clusters.cluster.certificate-authority'],
    does: 'counts from the kubeconfig',
    cluster: {...verified('server.crt'), 'certificate-authority': 'ca.crt'},
    files: {'ca.crt': pem('server.crt')},
    outcome: {sends: sesame},
  },
  {
    about: ['clusters.cluster.certificate-authority'],
    does: 'may be no root',
    cluster: {...verified('issuer.crt'), server: issued},
    outcome: {sends: sesame},
  },
  {
    about: ['clusters.cluster.certificate-authority'],
    does: 'is there',
    cluster: {...verified('server.crt'), 'certificate-authority': 'none.crt'},
    outcome: {refuses: /none\.crt/},
  },
  {
    about: ['clusters.cluster.certificate-authority-data'],
    does: 'is trusted',
    cluster: {'insecure-skip-tls-verify': undefined, 'certificate-authority-data': data('server.crt')},
    outcome: {sends: sesame},
  },
  {
    about: ['clusters.cluster.certificate-authority-data'],
    does: 'is base64',
    cluster: {'certificate-authority-data': '!!'},
    outcome: {refuses: /base64/},
  },
  {
    about: ['clusters.cluster.certificate-authority-data'],
    does: 'holds a certificate',
    cluster: {'insecure-skip-tls-verify': undefined, 'certificate-authority-data': 'YWFh'},
    outcome: {refuses: /holds no certificate|unable to parse bytes as PEM/},
  },
  {
    about: ['clusters.cluster.certificate-authority', 'clusters.cluster.certificate-authority-data'],
    does: 'is given once',
    cluster: {...verified('server.crt'), 'certificate-authority-data': data('server.crt')},
    outcome: {refuses: /both/},
  },
  {
    about: ['clusters.cluster.certificate-authority', 'clusters.cluster.insecure-skip-tls-verify'],
    does: 'exclude each other',
    cluster: {...verified('server.crt'), ...insecure},
    outcome: {refuses: /insecure/},
  },
  {
    about: ['clusters.cluster.disable-compression', 'clusters.cluster.extensions'],
    does: 'changes nothing that is sent',
    cluster: {'disable-compression': true, extensions: []},
    outcome: {sends: sesame},
  },
];
