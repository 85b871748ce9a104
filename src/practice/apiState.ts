/** The API server was asked while it is down: the connection is refused. Clients look before they ask. */
class ApiDownError extends Error {
  constructor() {
    super('the API server of the practice cluster is down');
    this.name = 'ApiDownError';
  }
}

/** Whether the API server runs. The server itself, its registry and its clients go by it. */
export class ApiState {
  #up = true;
  readonly #listeners = new Set<(up: boolean) => void>();

  get up(): boolean {
    return this.#up;
  }

  set(up: boolean): void {
    if (up === this.#up) return;
    this.#up = up;
    for (const listener of this.#listeners) listener(up);
  }

  /** Calls back when it goes down and when it comes back, until the returned function is called. */
  onChange(listener: (up: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Throws an {@link ApiDownError} while it is down. */
  require(): void {
    if (!this.#up) throw new ApiDownError();
  }
}
