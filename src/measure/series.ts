import {createReadStream} from 'node:fs';
import {type FileHandle, mkdir, open} from 'node:fs/promises';
import {dirname} from 'node:path';
import {createInterface} from 'node:readline';
import {DrillError, ExitCode} from '../io/errors.ts';
import {isJsonObject} from '../io/json.ts';
import type {Sample} from '../io/sample.ts';

/** Longest time that a sample stays in memory before it is written (milliseconds). */
const flushEvery = 200;

/** A series being written: one JSON line per sample. */
export interface SeriesWriter {
  /** Never throws and never waits; a failed write comes out of `flush` and `close`, and of `onError`. */
  append(sample: Sample): void;
  /** Writes what is waiting. Rejects with a DrillError when any write failed. */
  flush(): Promise<void>;
  /** Flushes and closes the file. */
  close(): Promise<void>;
}

/**
 * Creates a series file, with its folder, or goes on writing one. Not fsynced: a sample lost with the machine is a gap,
 * and a run lost with the machine has no verdict.
 */
export async function openSeries(path: string, onError: (error: DrillError) => void = () => {}): Promise<SeriesWriter> {
  let file: FileHandle;
  try {
    await mkdir(dirname(path), {recursive: true});
    file = await open(path, 'a');
  } catch (error) {
    throw unwritable(path, error);
  }
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  let failure: DrillError | undefined;
  let writing = Promise.resolve();

  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(async () => {
      const text = waiting;
      waiting = '';
      if (text === '' || failure) return;
      await file.writeFile(text).catch((error: unknown) => {
        failure = unwritable(path, error);
        onError(failure);
      });
    });
    return writing;
  };
  const flush = async () => {
    await write();
    if (failure) throw failure;
  };
  return {
    append: (sample) => {
      waiting += `${JSON.stringify(sample)}\n`;
      timer ??= setTimeout(write, flushEvery);
    },
    flush,
    close: async () => {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
}

/**
 * Reads a series back. A last line that was cut off (a killed process, a full disk) is left out and returned as
 * `torn`. Rejects with a DrillError when the file cannot be read or another line is no sample.
 */
export async function readSeries(path: string): Promise<{samples: Sample[]; torn?: string}> {
  const samples: Sample[] = [];
  let broken: {line: number; text: string} | undefined;
  let line = 0;
  try {
    for await (const text of createInterface({input: createReadStream(path, 'utf8'), crlfDelay: Infinity})) {
      line += 1;
      if (broken) throw new Error(`line ${broken.line} is no sample`);
      const sample = parseSample(text);
      if (sample) samples.push(sample);
      else broken = {line, text};
    }
  } catch (error) {
    throw new DrillError(`series ${path}: it cannot be read`, ExitCode.internal, {
      code: 'E_SERIES_READ',
      hint: 'The run folder is damaged; restore it from where its reports are kept.',
      cause: error,
    });
  }
  return broken ? {samples, torn: broken.text} : {samples};
}

/** One line as a sample, or undefined. */
export function parseSample(text: string): Sample | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const {seq, start, end, state, detail} = value;
  if (typeof seq !== 'number' || typeof start !== 'number' || typeof end !== 'number') return undefined;
  if (state !== 'ok' && state !== 'bad' && state !== 'blind') return undefined;
  return {seq, start, end, state, ...(typeof detail === 'string' ? {detail} : {})};
}

const unwritable = (path: string, cause: unknown) =>
  new DrillError(`series ${path}: a sample cannot be written`, ExitCode.internal, {
    code: 'E_SERIES_WRITE',
    hint: 'Check the free space and the permissions of the report folder (--reports).',
    cause,
  });
