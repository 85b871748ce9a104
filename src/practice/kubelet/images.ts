import type {ContainerProgram} from '../program.ts';

/** The images that are "on the nodes": name without registry defaults, tag and digest → program. */
export class Images {
  readonly #programs: ReadonlyMap<string, ContainerProgram>;

  constructor(programs: Readonly<Record<string, ContainerProgram>>) {
    this.#programs = new Map(Object.entries(programs));
  }

  /** The program of an image: by its whole name, without `docker.io/library/`, or by the last part of its path. */
  find(image: string): ContainerProgram | undefined {
    const name = image.replace(/@sha256:.*$/, '').replace(/:[^/:]+$/, '');
    const short = name.replace(/^docker\.io\//, '').replace(/^library\//, '');
    const last = short.slice(short.lastIndexOf('/') + 1);
    return this.#programs.get(name) ?? this.#programs.get(short) ?? this.#programs.get(last);
  }
}
