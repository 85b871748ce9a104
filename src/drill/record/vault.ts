import {createHash} from 'node:crypto';
import {open, readFile, rm} from 'node:fs/promises';
import {join, relative} from 'node:path';
import type {Vault} from '../../actions/define.ts';
import {DrillError, ExitCode, messageOf} from '../../io/errors.ts';
import {makeInside} from './folder.ts';

/**
 * The private store of a run: `vault/`, 0700, its files 0600 and on disk before `put` resolves. What this process has put
 * there it also keeps in memory, as long as it lives: somebody may take the folder away while the run is at work.
 */
export function createVault(folder: string): Vault & {clear(): Promise<void>} {
  const root = join(folder, 'vault');
  const own = new Map<string, Buffer>();
  const locate = (file: string) => {
    const path = join(root, file);
    if (relative(root, path).startsWith('..')) {
      throw new DrillError(`the vault has no file ${file}`, ExitCode.internal, {code: 'E_VAULT'});
    }
    return path;
  };
  return {
    put: async (name, content) => {
      await makeInside(root, 0o700);
      const handle = await open(locate(name), 'wx', 0o600);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
      own.set(name, Buffer.from(content));
      return {file: name, sha256: sha256(content)};
    },
    get: async ({file, sha256: wanted}) => {
      const kept = own.get(file);
      if (kept !== undefined && sha256(kept) === wanted) return kept;
      let content: Buffer;
      try {
        content = await readFile(locate(file));
      } catch (error) {
        throw new DrillError(`the vault's file ${file} cannot be read: ${messageOf(error)}`, ExitCode.dirty, {
          code: 'E_VAULT',
          hint: 'It holds what an undo puts back. Restore the run folder from where the run was made.',
          cause: error,
        });
      }
      if (sha256(content) !== wanted) {
        throw new DrillError(`the vault's file ${file} is not the one that the journal speaks of`, ExitCode.dirty, {
          code: 'E_VAULT',
          hint: 'Its sha256 differs, so nothing is restored from it.',
        });
      }
      return content;
    },
    clear: async () => {
      own.clear();
      await rm(root, {recursive: true, force: true});
    },
  };
}

/** SHA-256 in hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
