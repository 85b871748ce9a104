import type {Scenario} from './schema/scenario.ts';
import type {YamlDocument} from './yaml/yaml.ts';

/** One scenario as it was read: one document of one file. */
export interface ScenarioFile {
  /** As named on the command line, or found in a folder named there; `-` for stdin. */
  file: string;
  /** Absolute folder of the file; the working directory for stdin. */
  dir: string;
  /** Which document of the file, from 0. */
  document: number;
  /** Text of the document. */
  readonly source: string;
  /** Of `source`, in hexadecimal. */
  readonly sha256: string;
  /** Checked, with `${{ }}` not replaced. */
  scenario: Scenario;
  /** The document with its positions, for later diagnostics. */
  yaml: YamlDocument;
}
