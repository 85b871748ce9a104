import {readFile} from 'node:fs/promises';
import {type ConnectionOptions, createSecureContext} from 'node:tls';
import {messageOf} from '../../io/errors.ts';
import type {JsonObject} from '../../io/json.ts';
import {text} from '../kubeconfig/file.ts';

/** The certificates that the cluster's own is checked by; undefined for those of this machine. Read each time. */
export async function authorityOf(cluster: JsonObject): Promise<Buffer | undefined> {
  const authority = await content(cluster, 'certificate-authority');
  if (authority === undefined || authority.includes('-----BEGIN CERTIFICATE-----')) return authority;
  throw new Error('the certificate-authority holds no certificate');
}

/** How the connection to a cluster is checked and what it is opened with. Files are read each time: they rotate. */
export async function tlsOf(cluster: JsonObject, user: JsonObject): Promise<ConnectionOptions> {
  const [ca, cert, key] = await Promise.all([
    authorityOf(cluster),
    content(user, 'client-certificate'),
    content(user, 'client-key'),
  ]);
  const servername = text(cluster['tls-server-name']);
  return {
    // As Go, which trusts what it is given, be it no root.
    ...(ca === undefined ? {} : {ca, allowPartialTrustChain: true}),
    ...(cluster['insecure-skip-tls-verify'] === true ? {rejectUnauthorized: false} : {}),
    ...(servername === '' ? {} : {servername}),
    // A key alone is of no use; kubectl leaves it aside.
    ...(cert === undefined || key === undefined ? {} : {cert, key}),
  };
}

/** Throws in words when a client certificate and its key cannot be used, before a connection is tried with them. */
export function checkPair({cert, key}: ConnectionOptions): void {
  if (cert === undefined) return;
  try {
    createSecureContext({cert, key});
  } catch (error) {
    throw new Error(`the client certificate and its key cannot be used together: ${messageOf(error)}`);
  }
}

async function content(entry: JsonObject, key: string): Promise<Buffer | undefined> {
  const [data, file] = [text(entry[`${key}-data`]), text(entry[key])];
  if (data !== '') return Buffer.from(data, 'base64');
  return file === '' ? undefined : await readFile(file);
}
