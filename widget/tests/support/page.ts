import { afterEach, beforeEach, vi } from "vitest";
import { Conversation } from "../../src/conversation/conversation";
import type { Line } from "../../src/conversation/lines";
import type { Listener } from "../../src/conversation/listener";
import type { MessageKept } from "../../src/conversation/replies";
import { ORIGIN } from "./server";

const open: Conversation[] = [];

/** What a conversation told whoever shows it. */
export class Shown implements Listener {
  readonly messages: MessageKept[] = [];
  readonly faults: Line[] = [];
  changes = 0;
  silences = 0;
  erasures = 0;
  /** What another tab changed is read at once; the element waits until somebody looks. */
  stale = (): void => {};
  due = (): void => {};
  erased(): void {
    this.erasures++;
  }
  unheard(): void {
    this.silences++;
  }
  changed(): void {
    this.changes++;
  }
  answered(message: MessageKept): void {
    this.messages.push(message);
  }
  failed(line: Line): void {
    this.faults.push(line);
  }
}

/** A page of the shop with a conversation; the next one in the same test is another tab, or a reload. */
export function visit(shown = new Shown()): Conversation {
  const conversation = new Conversation(ORIGIN, shown);
  shown.stale = () => void conversation.refresh();
  shown.due = shown.stale;
  open.push(conversation);
  return conversation;
}

/** Let time go by, and all that is under way with it. */
export async function pass(milliseconds = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** What the visitor sees of his messages. */
export function seen(conversation: Conversation): string[] {
  return conversation.lines.map(({ text, state }) => `${text}: ${state}`);
}

/** The browser's own store does not do something: it is full, or shut off. */
export function refuseToStore(...methods: ("getItem" | "setItem" | "removeItem")[]): void {
  const refuse = () => {
    throw new DOMException("no", "QuotaExceededError");
  };
  const get = (store: Storage, name: string) =>
    (methods as string[]).includes(name) ? refuse : Reflect.get(store, name);
  vi.stubGlobal("localStorage", new Proxy(localStorage, { get: get as ProxyHandler<Storage>["get"] & {} }));
}

/** A browser without a past before each test, in which time stands still. */
export function useFreshBrowser(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
    sessionStorage.clear();
  });
  afterEach(() => {
    for (const conversation of open.splice(0)) conversation.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
}
