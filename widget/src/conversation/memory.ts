import { attempt } from "../attempt";
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

/** A session that the visitor agreed to. Times are seconds since 1970. */
export interface Agreed {
  token: string;
  ends_at: number;
  /** Id of what the visitor agreed to. */
  consent: string;
  /** When the token was given. */
  at: number;
}

const SESSION = "session";
/** Seconds that a message waits at most: who types today wants no answer to it next month. */
const LONGEST_WAIT = 7 * 24 * 60 * 60;
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
    if (found && found.ends_at > now()) return found;
    if (found) this.remove(SESSION);
    return null;
  }

  set session(agreed: Agreed | null) {
    if (agreed) this.write(SESSION, agreed);
    else this.remove(SESSION);
  }

  /** In the order in which they were typed. */
  get waiting(): Waiting[] {
    const names = this.names().filter((name) => name.startsWith(WAITING));
    const found = names.flatMap((name) => {
      const message = this.read<Waiting>(name);
      if (message && name === WAITING + message.id && message.at > now() - LONGEST_WAIT) return [message];
      this.remove(name); // too old, or not ours
      return [];
    });
    return found.sort((one, other) => one.at - other.at);
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

function now(): number {
  return Date.now() / 1000;
}
