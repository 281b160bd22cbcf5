import type { Reply } from "./replies";

/** A message that has no answer yet. */
export interface Waiting {
  id: string;
  text: string;
  /** Whether a suggestion was pressed. */
  chosen: boolean;
  /** Seconds since 1970. */
  at: number;
  /** Why it was not answered, while it waits for the visitor. */
  failed?: Failed;
}

export interface Failed {
  message: string;
  reply: Reply | null;
  /** Whether sending the same once more may help. */
  again: boolean;
  /** Number of the last message that was answered before: there it stays. */
  after: number;
}

/** A session that the visitor agreed to. */
export interface Agreed {
  token: string;
  ends_at: number;
  consent: string;
}

const SESSION = "session";
const WAITING = "waiting ";

/**
 * What the browser keeps, for all tabs of the site: the session, and messages without an answer. Each
 * message has a key of its own, so that two tabs never overwrite each other. Answers are never kept here.
 */
export class Memory {
  /** What the browser's own store would not take: it is shut off, or full. It lives as long as the page. */
  private readonly page = new Map<string, string>();
  private readonly prefix: string;

  /** @param origin Of the bot server: a page may have two. */
  constructor(origin: string) {
    this.prefix = `kalm ${origin} `;
  }

  get session(): Agreed | null {
    const found = this.read<Agreed>(SESSION);
    return found && found.ends_at > Date.now() / 1000 ? found : null;
  }

  set session(agreed: Agreed | null) {
    if (agreed) this.write(SESSION, agreed);
    else this.remove(SESSION);
  }

  /** In the order in which they were typed. */
  get waiting(): Waiting[] {
    const names = this.names().filter((name) => name.startsWith(WAITING));
    const found = names.map((name) => this.read<Waiting>(name));
    return found.filter((one) => one !== null).sort((one, other) => one.at - other.at);
  }

  put(message: Waiting): void {
    this.write(WAITING + message.id, message);
  }

  drop(id: string): void {
    this.remove(WAITING + id);
  }

  private names(): string[] {
    const all = [...this.page.keys(), ...attempt(() => Object.keys(localStorage), [])];
    return [...new Set(all)].flatMap((key) =>
      key.startsWith(this.prefix) ? [key.slice(this.prefix.length)] : [],
    );
  }

  private read<Kept>(name: string): Kept | null {
    const key = this.prefix + name;
    const text = this.page.get(key) ?? attempt(() => localStorage.getItem(key), null);
    return attempt(() => JSON.parse(text ?? "null") as Kept | null, null); // another script may write there
  }

  private write(name: string, value: object): void {
    const key = this.prefix + name;
    const text = JSON.stringify(value);
    this.page.delete(key);
    attempt(
      () => localStorage.setItem(key, text),
      () => this.page.set(key, text),
    );
  }

  private remove(name: string): void {
    const key = this.prefix + name;
    this.page.delete(key);
    attempt(() => localStorage.removeItem(key), undefined);
  }
}

/** What an action gives; when it throws, something else. */
function attempt<Given, Else>(action: () => Given, otherwise: Else | (() => Else)): Given | Else {
  try {
    return action();
  } catch {
    return otherwise instanceof Function ? otherwise() : otherwise;
  }
}
