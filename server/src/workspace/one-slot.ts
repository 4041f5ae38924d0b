/** Runs a job so that at most one runs and at most one waits: any number of calls meanwhile share the next run. */
export class OneSlot {
  readonly #job: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  /** The run that goes on now; undefined when none does. It never rejects. */
  get current(): Promise<void> | undefined {
    return this.#running?.catch(() => undefined);
  }

  /** Resolves when a run that began after this call has ended. */
  run(): Promise<void> {
    // What waits has not begun yet, even in the moment between the end of a run and its start.
    if (this.#next !== undefined) return this.#next;
    if (this.#running === undefined) return this.#start();
    this.#next = this.#running.then(
      () => this.#startNext(),
      () => this.#startNext(),
    );
    return this.#next;
  }

  #startNext(): Promise<void> {
    this.#next = undefined;
    return this.#start();
  }

  #start(): Promise<void> {
    const run = this.#job().finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    this.#running = run;
    return run;
  }
}
