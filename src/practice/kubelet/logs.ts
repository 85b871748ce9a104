interface LogLine {
  /** Wall-clock time of the line, in milliseconds. */
  at: number;
  text: string;
}

/** As the kubelet's containerLogMaxSize: beyond it the oldest lines are gone. */
const maxBytes = 10 * 1024 * 1024;

/** The log of one run of one container. */
export class ContainerLog {
  readonly #lines: LogLine[] = [];
  readonly #followers = new Set<() => void>();
  #bytes = 0;
  #dropped = 0;
  #ended = false;

  /** Whether the container ended: no line will follow. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Number of the next line; lines are numbered from 0 and keep their number when older ones are dropped. */
  get end(): number {
    return this.#dropped + this.#lines.length;
  }

  append(at: Date, text: string): void {
    this.#lines.push({at: at.getTime(), text});
    this.#bytes += text.length;
    while (this.#bytes > maxBytes) {
      this.#bytes -= this.#lines.shift()?.text.length ?? 0;
      this.#dropped += 1;
    }
    this.#notify();
  }

  finish(): void {
    this.#ended = true;
    this.#notify();
  }

  /** The kept lines from a number on. */
  from(number: number): readonly LogLine[] {
    return this.#lines.slice(Math.max(0, number - this.#dropped));
  }

  /** Calls back after every line and at the end, until the returned function is called. */
  follow(listener: () => void): () => void {
    this.#followers.add(listener);
    return () => this.#followers.delete(listener);
  }

  #notify(): void {
    for (const listener of this.#followers) listener();
  }
}
