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

  request<Given>(name: string, action: () => Promise<Given>): Promise<Given> {
    const before = this.queues.get(name) ?? Promise.resolve();
    const mine = before.then(() => {
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
