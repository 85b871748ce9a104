import {appendFile} from 'node:fs/promises';
import {messageOf} from '../../io/errors.ts';
import {harmless} from '../../io/text.ts';
import {renderSummary} from '../../report/index.ts';
import type {Io} from '../define.ts';

/**
 * Appends page one of a report to the summary of the GitHub job that this is part of, if it is. Trouble is told on
 * stderr: the verdict does not depend on who reads it.
 */
export async function appendStepSummary({env, stderr}: Pick<Io, 'env' | 'stderr'>, folder: string): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    await appendFile(file, `${await renderSummary(folder)}\n`);
  } catch (error) {
    stderr.write(`warning: the job summary cannot be written: ${harmless(messageOf(error))}\n`);
  }
}
