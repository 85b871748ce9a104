import {isScalar, type Scalar} from 'yaml';
import {type Diagnostic, maxProblems, type Path, pathText, ScenarioError} from './diagnostics.ts';
import {scalarOffsets} from './yaml/scalar-offsets.ts';
import {nodeAt, rangeAt} from './yaml/source.ts';
import type {YamlDocument} from './yaml/yaml.ts';

/** A problem at a path, before its place in the file is looked up. */
export interface Problem {
  path: Path;
  code: string;
  message: string;
  hint?: string | undefined;
  /** The key is to blame, not its value. */
  key?: boolean;
  /** From and to, in characters of the scalar's value: the place of an expression in its text. */
  span?: readonly [number, number] | undefined;
}

/** What is no error, and can be seen from the file to make a pass impossible, or unlikely. */
export type Warning = Pick<Problem, 'path' | 'code' | 'message' | 'hint'>;

/** Collects the problems of one document, each once. */
export class Problems {
  readonly #document: YamlDocument;
  readonly #seen = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];
  readonly #warnings: Diagnostic[] = [];

  constructor(document: YamlDocument) {
    this.#document = document;
  }

  get count(): number {
    return this.#diagnostics.length;
  }

  add(problem: Problem): void {
    const key = `${pathText(problem.path)}\n${problem.message}\n${problem.span?.join('-') ?? ''}`;
    // A rule may have said already why a known key cannot stand in this place.
    const place = `${pathText(problem.path)}\nkey`;
    if (this.#seen.has(key) || (problem.code === 'E_UNKNOWN_KEY' && this.#seen.has(place))) return;
    this.#seen.add(key);
    if (problem.key) this.#seen.add(place);
    this.#diagnostics.push(this.#document.source.diagnostic(this.#range(problem), problem));
  }

  /** Notes what is no problem, and worth a word. */
  warn(warning: Problem): void {
    this.#warnings.push(this.#document.source.diagnostic(this.#range(warning), warning));
  }

  warnings(): readonly Diagnostic[] {
    return this.#warnings;
  }

  /** In the order of the file. */
  list(): Diagnostic[] {
    return this.#diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Throws what was found as a {@link ScenarioError}; does nothing when there is nothing. */
  throwIfAny(): void {
    if (this.#diagnostics.length > 0) throw new ScenarioError(limited(this.list()));
  }

  #range({path, key, span}: Problem): [number, number] {
    const {root, source} = this.#document;
    const node = span ? nodeAt(root, path) : undefined;
    if (!span || !isScalar(node) || typeof node.value !== 'string') return rangeAt(root, path, {key: key ?? false});
    const offsets = scalarOffsets(source.text, node as Scalar<string>);
    const start = offsets[span[0]] ?? offsets.at(-1) ?? 0;
    return [start, Math.max(start + 1, offsets[span[1]] ?? offsets.at(-1) ?? 0)];
  }
}

/** The first problems of a file; the last one of many says how many more there are. */
export function limited(diagnostics: Diagnostic[]): Diagnostic[] {
  const last = diagnostics[maxProblems - 1];
  if (diagnostics.length <= maxProblems || !last) return diagnostics;
  const more = diagnostics.length - maxProblems;
  const hint = `${last.hint ? `${last.hint} ` : ''}(${more} more of this file ${more === 1 ? 'is' : 'are'} not shown)`;
  return [...diagnostics.slice(0, maxProblems - 1), {...last, hint}];
}
