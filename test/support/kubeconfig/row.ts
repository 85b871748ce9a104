import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Sent} from './servers.ts';

/** What comes of a kubeconfig: something is sent, or it is refused in such words before anything is. */
export type Outcome = {sends: {[Member in keyof Sent]?: Sent[Member] | undefined}} | {refuses: RegExp};

/** One kubeconfig, and what is to come of it. */
export interface Row {
  /** Fields that it is about. */
  about: string[];
  does: string;
  cluster?: object;
  user?: object;
  context?: object;
  /** More of the file itself, or of what stands there in another way. */
  config?: object;
  /** The file as text, instead of all these. */
  text?: string;
  /** More files beside the kubeconfig; those that begin with `#!` can be run. */
  files?: Record<string, string>;
  env?: Record<string, string>;
  outcome: Outcome;
  /** What kubectl does, where that is something else, and why we do not. */
  kubectl?: Outcome & {why: string};
}

export const file = (name: string) => join(import.meta.dirname, '../../fixtures/tls', name);
export const pem = (name: string) => readFileSync(file(name), 'utf8');
export const data = (name: string) => readFileSync(file(name)).toString('base64');

export const insecure = {'insecure-skip-tls-verify': true};
/** A cluster whose certificate is checked by this authority. */
export const verified = (name: string) => ({
  'insecure-skip-tls-verify': undefined,
  'certificate-authority': file(name),
});
export const token = {token: 'sesame'};
export const sesame = {authorization: 'Bearer sesame'};
export const anonymous = 'kubectl asks for a name and a password; here nobody is asked';
