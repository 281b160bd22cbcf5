/** The browser's locks, which happy-dom has not: who asks for the same one waits for those before him. */
export class Locks {
  /** Names of the locks that were given, in order. */
  readonly given: string[] = [];
  private readonly queues = new Map<string, Promise<unknown>>();

  /** For the test that runs now. */
  static lend(): Locks {
    const locks = new Locks();
    Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
    return locks;
  }

  static takeBack(): void {
    Reflect.deleteProperty(navigator, "locks");
  }

  /** A tab that sleeps holds it and does not go on. */
  hold(name: string): void {
    this.queues.set(name, new Promise(() => {}));
  }

  request<Given>(name: string, { signal }: LockOptions, action: () => Promise<Given>): Promise<Given> {
    const refused = new Promise<never>((_, refuse) => {
      signal?.addEventListener("abort", () => refuse(signal.reason));
    });
    const mine = Promise.race([this.queues.get(name) ?? Promise.resolve(), refused]).then(() => {
      this.given.push(name);
      return action();
    });
    this.queues.set(
      name,
      mine.catch(() => undefined),
    );
    return mine;
  }
}
