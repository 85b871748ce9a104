import {createPrivateKey, createPublicKey, type KeyObject, sign, verify} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {messageOf, UsageError} from '../../io/errors.ts';

/** Name of the signature beside report.json. */
const signatureName = 'report.json.sig';

const hint = 'Make a pair with: openssl genpkey -algorithm ed25519 -out key.pem && openssl pkey -in key.pem -pubout';

/**
 * Signs report.json, byte for byte, with an Ed25519 key in PEM, and returns the path of the signature (base64, one
 * line). Rejects with a UsageError for any other key, or without a report.
 */
export async function signReport(folder: string, keyFile: string): Promise<string> {
  const key = await readKey(keyFile, createPrivateKey);
  const path = join(folder, signatureName);
  const report = await readFile(join(folder, 'report.json')).catch((error: unknown) => {
    throw new UsageError(`there is no report.json to sign in ${folder}: ${messageOf(error)}`, {
      code: 'E_NO_REPORT',
      hint: 'Render it first with: kubedrill report RUN',
      cause: error,
    });
  });
  await writeFile(path, `${sign(null, report, key).toString('base64')}\n`);
  return path;
}

/** What is wrong with the signature of a report; undefined when it is that of this key's owner. */
export async function checkSignature(folder: string, publicKeyFile: string): Promise<string | undefined> {
  const key = await readKey(publicKeyFile, createPublicKey);
  const signature = await readFile(join(folder, signatureName), 'utf8').catch(() => undefined);
  if (signature === undefined) return 'is missing';
  const report = await readFile(join(folder, 'report.json'));
  const valid = verify(null, report, key, Buffer.from(signature.trim(), 'base64'));
  return valid ? undefined : 'is no signature of this report.json by the owner of that key';
}

async function readKey(file: string, parse: (pem: Buffer) => KeyObject): Promise<KeyObject> {
  let key: KeyObject;
  try {
    key = parse(await readFile(file));
  } catch (error) {
    // What was read may be a private key: its content is not repeated.
    throw new UsageError(`${file} is no key in PEM that can be read`, {code: 'E_KEY', hint, cause: error});
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new UsageError(`${file} is a key of the type ${key.asymmetricKeyType ?? 'unknown'}, not ed25519`, {
      code: 'E_KEY',
      hint,
    });
  }
  return key;
}
