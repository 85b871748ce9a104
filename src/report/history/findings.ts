import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import * as z from 'zod';
import {messageOf, UsageError} from '../../io/errors.ts';
import type {FindingRecord} from '../../journal/finding.ts';
import {finding} from '../schema/run.ts';

/** Name of the file beside the run folders that people keep. */
const findingsName = 'findings.yaml';

const findingsSchema = z.strictObject({
  apiVersion: z.literal('kubedrill.dev/v1'),
  kind: z.literal('Findings'),
  findings: z.array(finding),
});

/** The findings beside the run folders; none where there is no file. Rejects with a UsageError that says what is wrong. */
export async function readFindings(reports: string): Promise<FindingRecord[]> {
  const path = join(reports, findingsName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw wrong(path, messageOf(error));
  }
  const {parseDocument} = await import('yaml');
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw wrong(path, broken.message.split('\n', 1)[0] ?? '');
  const parsed = findingsSchema.safeParse(document.toJS({maxAliasCount: 100}) ?? {});
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({path: place, message}) => `${place.join('.') || 'the file'}: ${message}`);
    throw wrong(path, issues.slice(0, 5).join('; '));
  }
  const {findings} = parsed.data;
  const twice = findings.find(({id}, index) => findings.findIndex((one) => one.id === id) !== index);
  if (twice) throw wrong(path, `the id ${twice.id} stands there twice`);
  return findings;
}

const wrong = (path: string, why: string) =>
  new UsageError(`${path} cannot be used: ${why}`, {
    code: 'E_FINDINGS',
    hint: 'docs/report.md has an example: id, title, owner, due, status and run of each finding.',
  });

/** Somebody still has to do something about it. */
export const isOpen = ({status}: FindingRecord): boolean => status === 'open' || status === 'in-progress';

/** Run ids are `<stamp>-<scenario>-<4 digits>`. */
export const scenarioOf = (run: string): string => run.slice('2026-11-20T214007Z-'.length, -'-7f3a'.length);
