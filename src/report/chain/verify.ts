import {readFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {messageOf} from '../../io/errors.ts';
import {runFiles, sha256} from '../files.ts';
import {type ReportHead, readHead} from '../head.ts';
import {verdict} from '../verdict/index.ts';
import {readModel, renderAll} from '../write.ts';
import {checkSignature} from './sign.ts';

/** A file that is not what the report says. */
export interface Difference {
  /** Relative to the run folder; `../<run>/report.json` for an earlier run. */
  file: string;
  message: string;
}

export interface Verification {
  /** In the order in which things were looked at: what everything else rests on first. */
  differences: Difference[];
  /** What could not be looked at, and why. */
  notes: string[];
  /** How many files were compared. */
  compared: number;
}

interface VerifyOptions {
  /** Version of this kubedrill: reports of another one are not rendered again for comparison. */
  version: string;
  /** PEM file; the signature is looked at only with it. */
  publicKey?: string;
}

/**
 * Compares a run folder with its report.json: the signature, the files that it was made from, the reports themselves
 * by rendering them again, and the chain of earlier runs, as far as their folders lie beside it.
 * Rejects with a UsageError for a key that cannot be used.
 */
export async function verifyRun(folder: string, {version, publicKey}: VerifyOptions): Promise<Verification> {
  const found: Verification = {differences: [], notes: [], compared: 0};
  const head = await readHead(folder).catch((error: unknown) => messageOf(error));
  if (typeof head === 'string') {
    return {...found, differences: [{file: 'report.json', message: `cannot be used: ${head}`}]};
  }
  if (publicKey !== undefined) {
    const wrong = await checkSignature(folder, publicKey);
    if (wrong !== undefined) found.differences.push({file: 'report.json.sig', message: wrong});
    found.compared += 1;
  }
  await compareFiles(folder, head, found);
  await compareReports(folder, head, version, found);
  await compareChain(folder, head, found);
  return found;
}

/** What the report was made from, by size and hash. */
async function compareFiles(folder: string, {files}: ReportHead, found: Verification): Promise<void> {
  const present = new Map((await runFiles(folder)).map((file) => [file.path, file]));
  for (const {path, sha256: wanted} of files) {
    const file = present.get(path);
    found.compared += 1;
    if (!file) found.differences.push({file: path, message: 'is missing'});
    else if (file.sha256 !== wanted) {
      found.differences.push({file: path, message: `has the SHA-256 ${file.sha256} instead of ${wanted}`});
    }
  }
  const known = new Set(files.map(({path}) => path));
  for (const path of present.keys()) {
    if (!known.has(path)) found.differences.push({file: path, message: 'is not among the files of the report'});
  }
}

/** The reports say what the journal and the series say: whoever changes a verdict must change them all. */
async function compareReports(folder: string, {tool}: ReportHead, version: string, found: Verification): Promise<void> {
  if (tool !== version) {
    found.notes.push(`the run is of kubedrill ${tool ?? 'unknown'}: ${version} does not render its reports again`);
    return;
  }
  if (found.differences.length > 0) return;
  const model = await readModel(folder);
  for (const [name, content] of await renderAll(model, verdict(model))) {
    const present = await readFile(join(folder, name), 'utf8').catch(() => undefined);
    found.compared += 1;
    if (present === undefined) found.differences.push({file: name, message: 'is missing'});
    else if (present !== content) {
      found.differences.push({file: name, message: 'is not what the journal and the series give'});
    }
  }
}

/** Each run names the report before it; those that lie beside this one are compared, back to the first. */
async function compareChain(folder: string, head: ReportHead, found: Verification): Promise<void> {
  let {previous} = head;
  const seen = new Set([head.run]);
  while (previous && !seen.has(previous.run)) {
    const {run, sha256: wanted} = previous;
    seen.add(run);
    const file = `../${run}/report.json`;
    const before = join(dirname(folder), basename(run));
    const content = await readFile(join(before, 'report.json')).catch(() => undefined);
    if (content === undefined) {
      found.notes.push(`${file}, the run before, is not here; its link was not compared`);
      return;
    }
    found.compared += 1;
    if (sha256(content) !== wanted) {
      found.differences.push({file, message: `is not the report that was there when ${[...seen].at(-2)} was made`});
    }
    previous = (await readHead(before).catch(() => undefined))?.previous;
  }
}
