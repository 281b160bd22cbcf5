import { beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../../src/conversation/conversation";
import { pass, Shown, seen, useFreshBrowser, visit } from "../support/page";
import { APOLOGY, CONFIGURATION, StandIn } from "../support/server";

useFreshBrowser();

let server: StandIn;
let shown: Shown;
let conversation: Conversation;

beforeEach(async () => {
  server = new StandIn();
  server.begin();
  shown = new Shown();
  conversation = visit(shown);
  await conversation.refresh();
});

test("a message is shown at once, is on its way, and then has its answer", async () => {
  conversation.send("slaap");
  expect(seen(conversation)).toEqual(["slaap: waiting"]);
  const fetched = vi.spyOn(globalThis, "fetch");
  fetched.mockImplementationOnce((...request) => {
    expect(seen(conversation)).toEqual(["slaap: sending"]);
    return fetch(...request);
  });
  await pass();
  expect(fetched).toHaveBeenCalledTimes(2);
  expect(seen(conversation)).toEqual(["slaap: sent"]);
  expect(conversation.lines[0]?.replies).toEqual([{ kind: "answer", message: "Over slaap" }]);
  expect(shown.messages.map(({ text }) => text)).toEqual(["slaap"]);
});

test("three messages typed without network go in their order once there is one, each once", async () => {
  server.online = false;
  for (const text of ["een", "twee", "drie"]) conversation.send(text);
  await pass();
  expect(seen(conversation)).toEqual(["een: waiting", "twee: waiting", "drie: waiting"]);
  server.online = true;
  await conversation.refresh();
  expect(seen(conversation)).toEqual(["een: sent", "twee: sent", "drie: sent"]);
  expect(server.sent.map(({ text }) => text)).toEqual(["een", "twee", "drie"]);
  expect(new Set(server.sent.map(({ id }) => id)).size).toBe(3);
});

test("three messages typed one right after the other, in the same millisecond, keep their order", async () => {
  for (const text of ["een", "twee", "drie"]) conversation.send(text);
  await pass();
  expect(server.kept.map(({ text }) => text)).toEqual(["een", "twee", "drie"]);
  expect(server.sent).toHaveLength(3);
});

test("a reply that was lost on its way is fetched, and the message is not sent again", async () => {
  server.fail("POST /messages", "reply lost");
  conversation.send("slaap");
  await pass();
  expect(seen(conversation)).toEqual(["slaap: waiting"]);
  await pass(1_000);
  expect(seen(conversation)).toEqual(["slaap: sent"]);
  expect([server.kept.length, server.sent.length]).toEqual([1, 1]);
});

test("a message of which the reply was lost goes with the same id when another is typed after it", async () => {
  server.fail("POST /messages", "reply lost");
  conversation.send("een");
  await pass();
  conversation.send("twee");
  await pass();
  expect(server.sent.map(({ text }) => text)).toEqual(["een", "een", "twee"]);
  expect(server.sent[0]?.id).toBe(server.sent[1]?.id);
  expect(server.kept.map(({ text }) => text)).toEqual(["een", "twee"]);
});

test("what cannot be answered now is set aside with the apology, and the next one goes on", async () => {
  server.fail("POST /messages", { status: 503, code: "unavailable", reply: APOLOGY });
  conversation.send("een");
  conversation.send("twee");
  await pass();
  expect(seen(conversation)).toEqual(["een: failed", "twee: sent"]);
  expect(shown.faults).toMatchObject([{ text: "een", replies: [APOLOGY], fault: "", again: true }]);
  await pass(60_000);
  expect(server.sent).toHaveLength(2); // not by itself
});

test("what was set aside is sent again with the same id, and comes once with its answer", async () => {
  server.fail("POST /messages", "apology");
  conversation.send("een");
  conversation.send("twee");
  await pass();
  await conversation.refresh();
  expect(conversation.lines.map(({ text, number, again }) => [text, number, again])).toEqual([
    ["een", 1, true],
    ["twee", 2, false],
  ]);
  conversation.sendAgain(server.sent[0]?.id ?? "");
  await pass();
  expect(server.sent[2]?.id).toBe(server.sent[0]?.id);
  expect(conversation.lines.map(({ text, number, state }) => [text, number, state])).toEqual([
    ["twee", 2, "sent"],
    ["een", 3, "sent"],
  ]);
});

test("what is sent again after an apology is shown as under way, not as sent", async () => {
  server.fail("POST /messages", "apology");
  conversation.send("een");
  await pass();
  await conversation.refresh();
  server.online = false;
  conversation.sendAgain(server.sent[0]?.id ?? "");
  await pass();
  expect(seen(conversation)).toEqual(["een: waiting"]);
});

test("what failed is still there after a reload, with its reply, and can be sent again", async () => {
  server.fail("POST /messages", { status: 503, code: "unavailable", reply: APOLOGY });
  conversation.send("een");
  await pass();
  conversation.close();
  const reloaded = visit();
  expect(reloaded.lines).toMatchObject([{ text: "een", state: "failed", replies: [APOLOGY], again: true }]);
  await reloaded.refresh();
  expect(server.sent).toHaveLength(1);
  reloaded.sendAgain(reloaded.lines[0]?.id ?? "");
  await pass();
  expect(seen(reloaded)).toEqual(["een: sent"]);
  expect(server.sent[1]?.id).toBe(server.sent[0]?.id);
});

test("a choice that the last reply did not offer is sent as if it was typed", async () => {
  server.fail("POST /messages", { status: 409, code: "not_offered" });
  conversation.send("wat is magnesium", true);
  await pass();
  expect(server.sent.map(({ chosen }) => chosen)).toEqual([true, false]);
  expect(server.sent[0]?.id).toBe(server.sent[1]?.id);
  expect(seen(conversation)).toEqual(["wat is magnesium: sent"]);
  expect(conversation.notice).toBe("");
});

test("too long a message is not tried again, and its text can be taken back", async () => {
  server.fail("POST /messages", { status: 422, code: "too_long", message: "Dat is te lang." });
  conversation.send("heel lang");
  await pass();
  expect(conversation.lines).toMatchObject([{ state: "failed", fault: "Dat is te lang.", again: false }]);
  expect(conversation.takeBack(conversation.lines[0]?.id ?? "")).toBe("heel lang");
  expect(seen(conversation)).toEqual([]);
  await conversation.refresh();
  expect(server.sent).toHaveLength(1);
});

test("to take back or send again what is not there does nothing", async () => {
  expect(conversation.takeBack("no-such")).toBe("");
  conversation.sendAgain("no-such");
  await pass();
  expect([seen(conversation), server.sent]).toEqual([[], []]);
});

test("a judgement is shown once the server has it", async () => {
  conversation.send("slaap");
  await pass();
  await conversation.judge(1, false, "klopt niet");
  expect([server.kept[0]?.helped, conversation.lines[0]?.helped]).toEqual([false, false]);
});

test("a judgement that did not arrive is not shown as given, and said", async () => {
  conversation.send("slaap");
  await pass();
  server.fail("POST /feedback", "no network");
  await conversation.judge(1, true);
  expect([conversation.lines[0]?.helped, conversation.notice]).toEqual([null, "judge_failed"]);
});

test("a page that comes later in the day shows what the server has, and asks for the words once", async () => {
  server.keep("gisteren");
  const later = visit();
  await later.refresh();
  await later.refresh();
  expect(seen(later)).toEqual(["gisteren: sent"]);
  expect(later.configuration).toEqual(CONFIGURATION);
  expect(server.count("GET /configuration")).toBe(2); // one for each page
});
