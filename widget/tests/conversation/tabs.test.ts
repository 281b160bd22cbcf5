import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../../src/conversation/conversation";
import { Locks } from "../support/locks";
import { refuseToStore, Shown, seen, useFreshBrowser, visit } from "../support/page";
import { ORIGIN, StandIn } from "../support/server";

useFreshBrowser();

let server: StandIn;
let one: Conversation;
let shown: Shown;
let other: Conversation;

beforeEach(async () => {
  vi.useRealTimers(); // Node's channel between the tabs has a time of its own
  server = new StandIn();
  server.begin();
  shown = new Shown();
  [one, other] = [visit(), visit(shown)];
  await Promise.all([one.refresh(), other.refresh()]);
});

afterEach(() => Locks.takeBack());

function until(holds: () => void): Promise<void> {
  return vi.waitFor(holds, { interval: 1, timeout: 4_000 });
}

test("what is asked in one tab is answered in the other as well", async () => {
  one.send("slaap");
  await until(() => expect(seen(other)).toEqual(["slaap: sent"]));
  expect(server.sent).toHaveLength(1);
  expect(shown.messages).toEqual([]); // and not read aloud there
});

test("what waits in one tab is shown in the other, and goes from whichever gets through", async () => {
  server.online = false;
  const before = shown.changes;
  one.send("slaap");
  await until(() => expect(shown.changes).toBeGreaterThan(before));
  expect(seen(other)).toEqual(["slaap: waiting"]);
  server.online = true;
  await other.refresh();
  await until(() => expect(seen(one)).toEqual(["slaap: sent"]));
  expect(server.sent).toHaveLength(1);
});

test("what is erased in one tab is gone in the other", async () => {
  one.send("slaap");
  await until(() => expect(seen(other)).toEqual(["slaap: sent"]));
  await one.erase();
  await until(() => expect(seen(other)).toEqual([]));
  expect([other.agreed, other.notice]).toEqual([false, "ended"]);
});

test("what is erased by words in one tab is gone in the other, and only the first has the reply to it", async () => {
  one.send("slaap");
  await until(() => expect(seen(other)).toEqual(["slaap: sent"]));
  server.answer = () => [{ kind: "privacy", message: "Gewist." }];
  one.send("ja");
  await until(() => expect(seen(other)).toEqual([]));
  expect([seen(one), other.agreed]).toEqual([["ja: sent"], false]);
});

test("who agrees in one tab agreed in the other", async () => {
  await one.erase();
  await other.refresh();
  await one.agree();
  other.send("slaap");
  await until(() => expect(seen(one)).toEqual(["slaap: sent"]));
});

test("two tabs that send the same at once, where there are no locks, make one message", async () => {
  server.online = false;
  one.send("slaap");
  await until(() => expect(one.unreachable).toBe(true));
  server.online = true;
  await Promise.all([one.refresh(), other.refresh()]);
  expect(server.sent).toHaveLength(2);
  expect(server.kept).toHaveLength(1);
  expect([seen(one), seen(other)]).toEqual([["slaap: sent"], ["slaap: sent"]]);
});

test("where there are locks, one tab at a time sends, and nothing is asked twice", async () => {
  const locks = Locks.lend();
  server.online = false;
  one.send("slaap");
  await until(() => expect(one.unreachable).toBe(true));
  server.online = true;
  await Promise.all([one.refresh(), other.refresh()]);
  await until(() => expect([seen(one), seen(other)]).toEqual([["slaap: sent"], ["slaap: sent"]]));
  expect(server.sent).toHaveLength(1);
  expect(new Set(locks.given)).toEqual(new Set([`kalm ${ORIGIN}`]));
});

test("two tabs that each ask something both show both, in the order of the server", async () => {
  Locks.lend();
  one.send("een");
  other.send("twee");
  await until(() => {
    expect(seen(one)).toEqual(["een: sent", "twee: sent"]);
    expect(seen(other)).toEqual(["een: sent", "twee: sent"]);
  });
  expect(server.sent).toHaveLength(2);
});

test("a tab that missed what another one asked shows it after its own next message", async () => {
  server.keep("elders");
  one.send("hier");
  await until(() => expect(seen(one)).toEqual(["elders: sent", "hier: sent"]));
});

test.each([
  ["is shut off", ["getItem", "setItem", "removeItem"] as const],
  ["is full", ["setItem"] as const],
])("where the browser's store %s, a message is sent all the same", async (_, methods) => {
  localStorage.clear();
  refuseToStore(...methods);
  const page = visit();
  await page.agree();
  page.send("slaap");
  await until(() => expect(seen(page)).toEqual(["slaap: sent"]));
  await page.erase();
  expect([page.receipt, page.agreed, seen(page)]).toEqual(["W-1234", false, []]);
});

test("without a channel between tabs, a tab is right after its own refresh", async () => {
  vi.stubGlobal("BroadcastChannel", undefined);
  Reflect.deleteProperty(globalThis, "BroadcastChannel");
  const page = visit();
  page.send("slaap");
  await until(() => expect(seen(page)).toEqual(["slaap: sent"]));
  await other.refresh();
  expect(seen(other)).toEqual(["slaap: sent"]);
});

test("a reply that comes after the element was taken off the page makes no error", async () => {
  other.send("slaap");
  other.close();
  await until(() => expect(seen(other)).toEqual(["slaap: sent"]));
  expect([shown.messages.length, other.unreachable]).toEqual([1, false]);
});

test("a tab that sleeps with the lock in its hands keeps nobody from sending", async () => {
  const locks = Locks.lend();
  vi.useFakeTimers();
  locks.hold(`kalm ${ORIGIN}`);
  one.send("slaap");
  await vi.advanceTimersByTimeAsync(4_900);
  expect(seen(one)).toEqual(["slaap: waiting"]);
  await vi.advanceTimersByTimeAsync(200);
  expect([seen(one), one.unreachable]).toEqual([["slaap: sent"], false]);
});

test("where the browser refuses locks and channels, a message is sent all the same", async () => {
  const refuse = () => Promise.reject(new DOMException("no", "SecurityError"));
  Object.defineProperty(navigator, "locks", { value: { request: refuse }, configurable: true });
  vi.stubGlobal("BroadcastChannel", function refused() {
    throw new DOMException("no", "SecurityError");
  });
  const alone = visit();
  alone.send("slaap");
  await until(() => expect([seen(alone), alone.unreachable]).toEqual([["slaap: sent"], false]));
  expect(server.sent).toHaveLength(1);
});
