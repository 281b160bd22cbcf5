import { Answered } from "./answered";
import { type Line, linesOf } from "./lines";
import { Memory, type Waiting } from "./memory";
import type { Configuration, MessageKept, Session } from "./replies";
import { Refused, Server } from "./server";
import { Tabs } from "./tabs";

/** Milliseconds before the next try when nothing answered; the last one stays. */
const TRIES = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

/** Seconds after which a session is made to last longer. */
const RENEWED_AFTER = 24 * 60 * 60;
/** Seconds to wait where a proxy took away how long. */
const UNTOLD_WAIT = 10;

/** What a conversation tells whoever shows it. */
export interface Listener {
  /** There is something else to show. */
  changed(): void;
  /** Another tab changed what the server has; `refresh` reads it. */
  stale(): void;
  /** A message was answered while the page was open. */
  answered(message: MessageKept): void;
  /** A message was not answered; `line` has why. */
  failed(line: Line): void;
  /** The server never answered this page. */
  unheard(): void;
}

/** Why the visitor is told something beside the messages. */
export type Notice = "" | "ended" | "erasing" | "erase_failed" | "judge_failed" | { words: string };

/**
 * A visitor's conversation with Kalm: one for all tabs of a site.
 *
 * What was answered is the server's; what was not is in the memory of the browser. Messages are sent one
 * by one, in order, with an id of their own, so the same one may be sent again without being doubled.
 */
export class Conversation {
  /** What to show before the first message; null until the server gave it. */
  configuration: Configuration | null = null;
  /** Whether the last request got no answer. */
  unreachable = false;
  notice: Notice = "";
  /** Receipt number of what was erased just now ("" when there was nothing), null when nothing was. */
  receipt: string | null = null;

  private readonly server: Server;
  private readonly memory: Memory;
  private readonly tabs: Tabs;
  private readonly past = new Answered();
  private sendingId = "";
  private refreshing: Promise<void> | null = null;
  /** Each thing waits for the one before it. */
  private queue: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private closed = false;

  /** @param origin Where the bot server is. */
  constructor(
    origin: string,
    private readonly listener: Listener,
  ) {
    this.server = new Server(origin);
    this.memory = new Memory(origin);
    this.tabs = new Tabs(origin, (what) => (what === "answered" ? listener.stale() : listener.changed()));
  }

  get lines(): Line[] {
    return linesOf(this.past.messages, this.memory.waiting, this.sendingId);
  }

  /** Whether the visitor agreed, so that something may be sent. */
  get agreed(): boolean {
    return this.memory.session !== null;
  }

  get hasWaiting(): boolean {
    return this.memory.waiting.some((message) => !message.failed);
  }

  /** Read what there is, and send what waits. */
  refresh(): Promise<void> {
    this.refreshing ??= this.inTurn(async () => {
      this.refreshing = null;
      this.configuration ??= await this.server.configuration();
      await this.renew();
      await this.readHistory();
      await this.tabs.alone(() => this.sendAll());
      this.reached(); // not before: what waits may come through less well than what is read
    });
    return this.refreshing;
  }

  /** The visitor agrees to what `configuration.consent` says. */
  agree(): Promise<void> {
    return this.inTurn(async () => {
      this.configuration ??= await this.server.configuration();
      const consent = this.configuration.consent.id;
      try {
        if (!this.memory.session) this.begin(await this.server.start(consent), consent);
      } catch (error) {
        if (error instanceof Refused && error.code === "consent") {
          this.configuration = await this.server.configuration();
        }
        throw error;
      }
      this.receipt = null;
      this.notice = "";
      this.reached();
      this.tabs.tell("answered");
      await this.tabs.alone(() => this.sendAll());
    });
  }

  /** @param chosen Whether a suggestion was pressed. */
  send(text: string, chosen = false): void {
    const before = this.memory.waiting.at(-1)?.at ?? 0;
    const at = Math.max(Date.now() / 1000, before + 0.001); // the order in which they were typed
    this.memory.put({ id: newId(), text, chosen, at });
    if (this.notice !== "erasing") this.notice = "";
    this.goOn();
  }

  /** Send a message once more that was not answered. */
  sendAgain(id: string): void {
    const message = this.memory.waiting.find((one) => one.id === id);
    if (!message) return;
    const { failed: _, ...whole } = message;
    this.memory.put(whole);
    this.goOn();
  }

  /** Take back a message that was not answered; gives its text. */
  takeBack(id: string): string {
    const text = this.memory.waiting.find((one) => one.id === id)?.text ?? "";
    this.memory.drop(id);
    this.tabs.tell("waiting");
    this.listener.changed();
    return text;
  }

  /** Erase all of it, here and at the server; `receipt` has the number then. */
  erase(): Promise<void> {
    this.notice = "erasing";
    this.listener.changed();
    return this.inTurn(async () => {
      const session = this.memory.session;
      try {
        this.receipt = session ? await this.tabs.alone(() => this.server.erase(session.token)) : "";
      } catch (error) {
        if (!isEnded(error)) {
          this.notice = "erase_failed";
          return;
        }
        this.receipt = "";
      }
      if (session) this.reached();
      for (const { id } of this.memory.waiting) this.memory.drop(id);
      this.forget();
    });
  }

  /** Tell whether an answer helped; gives whether that arrived. */
  async judge(number: number, helped: boolean, reason = ""): Promise<boolean> {
    const session = this.memory.session;
    const message = this.past.messages.find((one) => one.number === number);
    if (!session || !message) return false;
    this.notice = "";
    this.listener.changed();
    try {
      await this.server.judge(session.token, number, helped, reason);
      message.helped = helped;
    } catch {
      this.notice = "judge_failed";
    }
    this.listener.changed();
    return message.helped === helped && this.notice === "";
  }

  /** The browser says that there is no network. */
  lose(): void {
    this.unreachable = true;
    this.listener.changed();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.tabs.close();
  }

  private goOn(): void {
    this.tabs.tell("waiting");
    this.listener.changed();
    void this.inTurn(() => this.tabs.alone(() => this.sendAll()));
  }

  private inTurn(action: () => Promise<void>): Promise<void> {
    this.queue = this.queue
      .then(action)
      .catch((error: unknown) => this.fail(error))
      .then(() => this.listener.changed());
    return this.queue;
  }

  private begin(session: Session, consent: string): void {
    this.memory.session = { ...session, consent, at: Date.now() / 1000 };
  }

  /** A conversation is kept as long after its last message as a session lasts: who comes back goes on. */
  private async renew(): Promise<void> {
    const session = this.memory.session;
    if (!session || session.at > Date.now() / 1000 - RENEWED_AFTER) return;
    try {
      this.begin(await this.server.start(session.consent, session.token), session.consent);
    } catch (error) {
      // What was agreed to is no longer what is asked: the session lasts until it ends.
      if (!(error instanceof Refused) || error.code !== "consent") throw error;
    }
  }

  private async readHistory(): Promise<void> {
    const session = this.memory.session;
    if (session) await this.past.read((after) => this.server.history(session.token, after));
    else if (this.past.last > 0) {
      this.notice = "ended"; // another tab erased it
      this.past.forget();
    }
    for (const { id } of this.memory.waiting) {
      const message = this.past.answer(id);
      if (!message) continue;
      this.memory.drop(id); // the answer was lost on its way, and came with the rest
      this.listener.answered(message);
    }
  }

  private async sendAll(): Promise<void> {
    while (this.notice !== "erasing") {
      const message = this.memory.waiting.find((one) => !one.failed);
      const session = this.memory.session;
      if (!message || !session) return;
      this.sendingId = message.id;
      this.listener.changed();
      try {
        const answered = await this.server.send(session.token, message.id, message.text, message.chosen);
        this.memory.drop(message.id);
        this.take(answered);
      } catch (error) {
        this.setAside(message, error);
      } finally {
        this.sendingId = "";
      }
    }
  }

  private take(message: MessageKept): void {
    this.reached();
    if (message.number === 0) this.forget(); // erased by its words
    this.past.take(message);
    this.tabs.tell("answered");
    if (this.past.hasGap) void this.refresh();
    this.listener.answered(message);
  }

  /** A message that cannot be answered waits for the visitor; the others go on. */
  private setAside(message: Waiting, error: unknown): void {
    if (!(error instanceof Refused) || error.code === "session") throw error;
    if (error.code === "limit" && !error.reply) throw error; // a cry for help gets whom to call at once
    if (error.code === "not_offered") {
      this.memory.put({ ...message, chosen: false }); // it stands in an older reply, and is a question all the same
      return;
    }
    const again = error.code === "unavailable" || error.code === "limit";
    const failed = { message: error.message, reply: error.reply, again, after: this.past.last };
    this.memory.put({ ...message, failed });
    const line = this.lines.find((one) => one.id === message.id);
    if (line) this.listener.failed(line);
  }

  private fail(error: unknown): void {
    this.unreachable = !(error instanceof Refused) || error.code === "unavailable";
    if (isEnded(error)) {
      if (this.memory.session && error.token !== this.memory.session.token) {
        this.tryLater(0); // another tab agreed meanwhile
        return;
      }
      this.notice = this.past.last > 0 ? "ended" : "";
      this.memory.session = null;
      this.past.forget();
      this.tabs.tell("answered");
    } else if (error instanceof Refused && !this.unreachable) {
      this.notice = { words: error.message };
      if (error.code === "limit") this.tryLater((error.wait || UNTOLD_WAIT) * 1_000);
    } else {
      if (!this.configuration && this.failures === 0) this.listener.unheard();
      this.tryLater(TRIES[Math.min(this.failures, TRIES.length - 1)] as number);
    }
  }

  private tryLater(milliseconds: number): void {
    clearTimeout(this.timer);
    if (this.closed) return;
    this.timer = setTimeout(() => {
      this.failures++; // a try that the visitor made himself does not count
      void this.refresh();
    }, milliseconds);
  }

  private reached(): void {
    this.unreachable = false;
    if (typeof this.notice === "object") this.notice = ""; // it was of a request before
    this.failures = 0;
    clearTimeout(this.timer);
  }

  /** What was typed after the wish to erase still waits: it is no part of what was erased. */
  private forget(): void {
    for (const { id, failed } of this.memory.waiting) if (failed) this.memory.drop(id);
    this.memory.session = null;
    this.past.forget();
    this.notice = "";
    this.tabs.tell("answered");
  }
}

function isEnded(error: unknown): error is Refused {
  return error instanceof Refused && error.code === "session";
}

/** 128 random bits; `crypto.randomUUID` is not there on a page without TLS. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
