import { Answered } from "./answered";
import { type Line, linesOf } from "./lines";
import type { Listener, Notice } from "./listener";
import { Memory, type Waiting } from "./memory";
import type { Configuration, MessageKept } from "./replies";
import { Refused, Server } from "./server";
import { Sessions } from "./sessions";
import { type Change, Tabs } from "./tabs";

/** Milliseconds before the next try when nothing answered; the last one stays. */
const TRIES = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000] as const;

/** Seconds to wait where a proxy took away how long. */
const UNTOLD_WAIT = 10;

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
  /** Whether it is being erased: nothing is sent then. */
  erasing = false;
  /** Receipt number of what was erased just now ("" when there was nothing), null when nothing was. */
  receipt: string | null = null;

  private readonly server: Server;
  private readonly memory: Memory;
  private readonly sessions: Sessions;
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
    this.sessions = new Sessions(this.server, this.memory);
    this.tabs = new Tabs(origin, (what) => this.heard(what));
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
      await this.sessions.renew();
      await this.readHistory();
      this.listener.changed();
      await this.sendWaiting();
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
        await this.sessions.begin(consent);
      } catch (error) {
        if (error instanceof Refused && error.code === "consent") {
          this.configuration = await this.server.configuration();
        }
        throw error;
      }
      this.receipt = null;
      this.notice = "";
      this.reached();
      this.goOn();
      this.tabs.tell("answered");
    });
  }

  /** @param chosen Whether a suggestion was pressed. */
  send(text: string, chosen = false): void {
    const before = this.memory.waiting.at(-1)?.at ?? 0;
    const at = Math.max(Date.now() / 1000, before + 0.001); // the order in which they were typed
    this.memory.put({ id: newId(), text, chosen, at });
    this.notice = "";
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

  /** Erase all of it, here and at the server; gives whether that was done, and `receipt` has the number then. */
  async erase(): Promise<boolean> {
    const waited = this.memory.waiting.map(({ id }) => id);
    this.receipt = null;
    this.notice = "";
    this.erasing = true;
    this.listener.changed();
    await this.inTurn(async () => {
      this.receipt = await this.eraseThere();
      this.erasing = false;
      if (this.receipt === null) return this.tryLater(TRIES[0]); // what waits goes on
      for (const id of waited) this.memory.drop(id);
      this.forget();
    });
    return this.receipt !== null;
  }

  /** Tell whether an answer helped; gives whether that arrived. */
  async judge(number: number, helped: boolean, reason = ""): Promise<boolean> {
    const session = this.memory.session;
    const find = () => this.past.messages.find((one) => one.number === number);
    if (!session || !find()) return false;
    this.notice = "";
    this.listener.changed();
    try {
      await this.server.judge(session.token, number, helped, reason);
    } catch {
      this.notice = "judge_failed";
      this.listener.changed();
      return false;
    }
    const message = find(); // it may have been read anew meanwhile
    if (message) message.helped = helped;
    this.listener.changed();
    return true;
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
    void this.inTurn(() => this.sendWaiting());
  }

  private inTurn(action: () => Promise<void>): Promise<void> {
    this.queue = this.queue
      .then(action)
      .catch((error: unknown) => this.fail(error))
      .then(() => this.listener.changed());
    return this.queue;
  }

  private async readHistory(): Promise<void> {
    const session = this.memory.session;
    if (session) {
      this.receipt = null;
      await this.past.read((after) => this.server.history(session.token, after));
    } else if (this.past.last > 0) {
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

  /** Gives the receipt number, "" when there was nothing to erase, null when it is not known that it was done. */
  private async eraseThere(): Promise<string | null> {
    const session = this.memory.session;
    if (!session) return "";
    try {
      const receipt = await this.tabs.alone(() => this.server.erase(session.token));
      this.reached();
      return receipt;
    } catch (error) {
      if (isEnded(error)) return "";
      this.unreachable = !(error instanceof Refused);
      this.notice = this.unreachable ? "erase_unknown" : "erase_failed";
      return null;
    }
  }

  private heard(what: Change): void {
    if (what === "erased") this.listener.erased();
    if (what === "waiting") this.listener.changed();
    else this.listener.stale();
  }

  private async sendWaiting(): Promise<void> {
    if (this.hasWaiting) await this.tabs.alone(() => this.sendAll());
  }

  private async sendAll(): Promise<void> {
    while (!this.erasing) {
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
      this.listener.due();
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
    this.tabs.tell("erased");
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
