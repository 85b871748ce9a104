import {existsSync} from 'node:fs';
import {dirname, join} from 'node:path';
import packageJson from '../../../package.json' with {type: 'json'};

/** kubedrill's own version. */
export const toolVersion: string = packageJson.version;

/** The folder that holds package.json, scenarios/ and schema/, whether this runs from src/ or from dist/. */
export function packageRoot(from: string = import.meta.dirname): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
