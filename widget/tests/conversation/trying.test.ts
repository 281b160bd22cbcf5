import { beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../../src/conversation/conversation";
import { pass, seen, useFreshBrowser, visit } from "../support/page";
import { APOLOGY, StandIn } from "../support/server";

useFreshBrowser();

let server: StandIn;
let conversation: Conversation;

beforeEach(async () => {
  server = new StandIn();
  server.begin();
  conversation = visit();
  await conversation.refresh();
});

/** After how many milliseconds each of the next tries came. */
async function waits(tries: number, tried: () => number): Promise<number[]> {
  const found: number[] = [];
  for (let count = tried(), at = Date.now(); found.length < tries; ) {
    await vi.advanceTimersToNextTimerAsync();
    if (tried() === count) continue;
    found.push(Date.now() - at);
    [count, at] = [tried(), Date.now()];
  }
  return found;
}

test("without network it tries after 1, 2, 4, 8, 15 and 30 seconds, and then each 30", async () => {
  let tries = 0;
  vi.stubGlobal("fetch", async () => {
    tries++;
    throw new TypeError("Failed to fetch");
  });
  conversation.send("slaap");
  await pass();
  expect(conversation.unreachable).toBe(true);
  const found = await waits(8, () => tries);
  expect(found).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000]);
});

test("where only the messages do not come through, it tries less and less often as well", async () => {
  server.fail("POST /messages", ...Array(9).fill("html"));
  conversation.send("slaap");
  await pass();
  const found = await waits(5, () => server.sent.length);
  expect(found).toEqual([1_000, 2_000, 4_000, 8_000, 15_000]);
  expect(conversation.unreachable).toBe(true);
});

test("once it was reached it begins again with a second", async () => {
  server.fail("POST /messages", "no network", "no network", "no network");
  conversation.send("een");
  await pass(7_000);
  expect(seen(conversation)).toEqual(["een: sent"]);
  server.fail("POST /messages", "no network");
  conversation.send("twee");
  await pass(1_000);
  expect(seen(conversation)).toEqual(["een: sent", "twee: sent"]);
});

test("when the browser says that there is network again, what waits goes at once", async () => {
  server.online = false;
  conversation.send("slaap");
  await pass(20_000);
  server.online = true;
  await conversation.refresh(); // what the element does then
  expect(seen(conversation)).toEqual(["slaap: sent"]);
  expect([conversation.unreachable, vi.getTimerCount()]).toEqual([false, 0]);
  expect(server.sent).toHaveLength(1);
});

test("when the browser says that the network is gone, that is told until Kalm is reached", async () => {
  conversation.lose();
  expect(conversation.unreachable).toBe(true);
  await conversation.refresh();
  expect(conversation.unreachable).toBe(false);
});

test("while what waits does not come through, it stays told that Kalm is not reached", async () => {
  server.fail("POST /messages", "no network", "no network");
  conversation.send("slaap");
  await pass();
  const told: boolean[] = [];
  vi.spyOn(server.asked, "push").mockImplementation(() => told.push(conversation.unreachable));
  await pass(1_000);
  expect(told).toEqual([true, true]); // the history, and the message
});

test("a server that says nothing is tried again after its fifteen seconds", async () => {
  server.fail("POST /messages", "silent");
  conversation.send("slaap");
  await pass(15_000);
  expect(conversation.unreachable).toBe(true);
  await pass(1_000);
  expect(seen(conversation)).toEqual(["slaap: sent"]);
});

test("who sends too much waits as long as the server says; then it goes by itself", async () => {
  server.fail("POST /messages", { status: 429, code: "limit", message: "Even rustig aan.", wait: 30 });
  conversation.send("slaap");
  await pass(29_999);
  expect(seen(conversation)).toEqual(["slaap: waiting"]);
  expect(conversation.notice).toEqual({ words: "Even rustig aan." });
  expect([server.sent.length, conversation.unreachable]).toEqual([1, false]);
  await pass(1);
  expect(seen(conversation)).toEqual(["slaap: sent"]);
});

test("the words about too much go once it was sent", async () => {
  server.fail("POST /messages", { status: 429, code: "limit", wait: 30 });
  conversation.send("slaap");
  await pass(30_000);
  expect(conversation.notice).toBe("");
});

test("where nobody says how long to wait, it is not tried at once", async () => {
  server.fail("POST /messages", { status: 429, code: "limit" });
  conversation.send("slaap");
  await pass(9_999);
  expect(server.sent).toHaveLength(1);
  await pass(1);
  expect(seen(conversation)).toEqual(["slaap: sent"]);
});

test("where the server cannot read the history now, it tries later and sends what waits", async () => {
  server.online = false;
  conversation.send("slaap");
  await pass();
  server.online = true;
  server.fail("GET /messages", { status: 503, code: "unavailable", reply: APOLOGY });
  await pass(60_000);
  expect(seen(conversation)).toEqual(["slaap: sent"]);
  expect([conversation.notice, conversation.unreachable]).toEqual(["", false]);
});

test("where the server cannot say what it asks first, the page tries later", async () => {
  server.fail("GET /configuration", { status: 503, code: "unavailable", reply: APOLOGY });
  const other = visit();
  await other.refresh();
  expect(other.configuration).toBeNull();
  await pass(60_000);
  expect(other.configuration).not.toBeNull();
});

test("a refusal is a word of Kalm: it is no longer told that Kalm is not reached", async () => {
  server.online = false;
  conversation.send("slaap");
  await pass();
  server.online = true;
  server.fail("GET /messages", { status: 429, code: "limit", message: "Even rustig aan.", wait: 30 });
  await pass(1_000);
  expect([conversation.unreachable, conversation.notice]).toEqual([false, { words: "Even rustig aan." }]);
});

test("after the element is taken off the page, nothing is tried any more", async () => {
  server.fail("POST /messages", "silent");
  conversation.send("slaap");
  await pass();
  conversation.close();
  await pass(15_000);
  const asked = server.asked.length;
  await pass(60_000);
  expect(server.asked).toHaveLength(asked);
});

test("who tells of danger too often is told whom to call at once, and may send it again", async () => {
  const reply = { kind: "emergency", message: "Bel nu 112.", numbers: { "112": "tel:112" } };
  server.fail("POST /messages", { status: 429, code: "limit", wait: 30, reply });
  conversation.send("pijn op de borst");
  conversation.send("slaap");
  await pass();
  expect(conversation.lines[0]).toMatchObject({ state: "failed", again: true, replies: [reply] });
  expect(seen(conversation)[1]).toBe("slaap: sent");
});
