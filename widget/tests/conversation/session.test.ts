import { beforeEach, expect, test, vi } from "vitest";
import type { Conversation } from "../../src/conversation/conversation";
import { pass, Shown, seen, useFreshBrowser, visit } from "../support/page";
import { APOLOGY, CONFIGURATION, ORIGIN, StandIn } from "../support/server";

useFreshBrowser();

let server: StandIn;

beforeEach(() => {
  server = new StandIn();
  server.answer = (text) =>
    text === "ja" ? [{ kind: "privacy", message: "Gewist." }] : [{ kind: "answer", message: `Over ${text}` }];
});

/** A page on which the visitor agreed and asked something. */
async function asked(...texts: string[]): Promise<Conversation> {
  server.begin();
  const conversation = visit();
  await conversation.refresh();
  for (const text of texts) conversation.send(text);
  await pass();
  return conversation;
}

test("nothing is kept in the browser nor sent before the visitor agrees", async () => {
  const conversation = visit();
  await conversation.refresh();
  expect(conversation.agreed).toBe(false);
  expect(server.asked.map(({ route }) => route)).toEqual(["GET /configuration"]);
  expect(localStorage.length).toBe(0);
});

test("who agrees has a session, on the next page as well", async () => {
  const conversation = visit();
  await conversation.agree();
  expect([conversation.agreed, visit().agreed]).toEqual([true, true]);
  await conversation.agree();
  expect(server.count("POST /session")).toBe(1);
});

test("who agrees to words that changed meanwhile is told, and asked with the new ones", async () => {
  const conversation = visit();
  await conversation.refresh();
  server.configuration = { ...CONFIGURATION, consent: { ...CONFIGURATION.consent, id: "consent-2" } };
  await conversation.agree();
  expect(conversation.agreed).toBe(false);
  expect(conversation.notice).toEqual({ words: "Woorden bij consent" });
  expect(conversation.configuration?.consent.id).toBe("consent-2");
  await conversation.agree();
  expect([conversation.agreed, conversation.notice]).toEqual([true, ""]);
});

test("a session that ended is told where something was shown; what waits is sent after a new one", async () => {
  const conversation = await asked("een");
  server.endSessions();
  server.clear();
  conversation.send("twee");
  await pass();
  expect([conversation.agreed, conversation.notice]).toEqual([false, "ended"]);
  expect(seen(conversation)).toEqual(["twee: waiting"]);
  await pass(60_000);
  expect(server.sent).toHaveLength(2);
  await conversation.agree();
  await pass();
  expect([seen(conversation), conversation.notice]).toEqual([["twee: sent"], ""]);
  expect(server.sent[2]?.id).toBe(server.sent[1]?.id);
});

test("a session that ended before anything was shown is not told", async () => {
  server.begin();
  server.endSessions();
  const conversation = visit();
  await conversation.refresh();
  expect([conversation.agreed, conversation.notice]).toEqual([false, ""]);
});

test("a session that ended while Kalm was not reached is told as that", async () => {
  const conversation = await asked("een");
  server.online = false;
  conversation.send("twee");
  await pass();
  server.online = true;
  server.endSessions();
  await pass(1_000);
  expect([conversation.unreachable, conversation.notice]).toEqual([false, "ended"]);
});

test("what a server cleared is forgotten, and what is new is read", async () => {
  const conversation = await asked("een", "twee");
  server.clear();
  server.keep("drie");
  await conversation.refresh();
  expect(seen(conversation)).toEqual(["drie: sent"]);
  server.clear();
  await conversation.refresh();
  expect(seen(conversation)).toEqual([]);
});

test("a history is read page after page, and later only what is new", async () => {
  server.begin();
  server.page = 2;
  for (const text of ["een", "twee", "drie", "vier", "vijf"]) server.keep(text);
  const conversation = visit();
  await conversation.refresh();
  expect(conversation.lines.map(({ text }) => text)).toEqual(["een", "twee", "drie", "vier", "vijf"]);
  server.keep("zes");
  await conversation.refresh();
  expect(conversation.lines.at(-1)?.text).toBe("zes");
  expect(server.asked.flatMap(({ route, after }) => (route === "GET /messages" ? [after] : []))).toEqual([
    0, 2, 4, 4,
  ]);
});

test("a history that could not be read at first is there after the first message", async () => {
  server.begin();
  server.keep("gisteren");
  server.fail("GET /messages", "no network");
  const conversation = visit();
  await conversation.refresh();
  conversation.send("vandaag");
  await pass();
  expect(seen(conversation)).toEqual(["gisteren: sent", "vandaag: sent"]);
});

test("erasing by words takes the past and the session, and what Kalm says to it stays", async () => {
  const conversation = await asked("een", "ja");
  expect(conversation.lines.map(({ text, number }) => [text, number])).toEqual([["ja", 0]]);
  expect(conversation.lines[0]?.replies).toEqual([{ kind: "privacy", message: "Gewist." }]);
  expect(conversation.agreed).toBe(false);
  expect(localStorage.length).toBe(0);
  await conversation.refresh();
  expect(seen(conversation)).toEqual(["ja: sent"]);
  await conversation.agree();
  conversation.send("twee");
  await pass();
  expect(seen(conversation)).toEqual(["twee: sent"]);
});

test("erasing gives the receipt, and leaves nothing here nor at the server", async () => {
  const conversation = await asked("een");
  expect(conversation.receipt).toBeNull();
  await conversation.erase();
  expect(conversation.receipt).toBe("W-1234");
  expect([seen(conversation), conversation.agreed]).toEqual([[], false]);
  expect([server.kept.length, localStorage.length]).toEqual([0, 0]);
  await conversation.agree();
  expect(conversation.receipt).toBeNull();
});

test("erasing drops what waits and what failed, and none of it is sent later", async () => {
  const conversation = await asked("een");
  const apology = { status: 503, code: "unavailable", reply: APOLOGY };
  server.fail("POST /messages", apology, "no network", "no network");
  conversation.send("twee");
  conversation.send("drie");
  await pass();
  expect(seen(conversation)).toEqual(["een: sent", "twee: failed", "drie: waiting"]);
  await conversation.erase();
  await pass(60_000);
  await conversation.agree();
  await pass();
  expect([seen(conversation), server.kept]).toEqual([[], []]);
});

test("what waits for its turn when all is erased is not sent any more", async () => {
  const conversation = await asked("een");
  conversation.send("twee");
  conversation.send("drie");
  await conversation.erase();
  expect(server.sent.map(({ text }) => text)).toEqual(["een"]);
  await pass(60_000);
  expect([seen(conversation), server.kept, conversation.receipt]).toEqual([[], [], "W-1234"]);
});

test.each([
  ["erase_failed", { status: 503, code: "unavailable" }],
  ["erase_unknown", "no network"],
] as const)("erasing that fails is told, and nothing is gone: %s", async (notice, fault) => {
  const conversation = await asked("een");
  server.fail("DELETE /conversation", fault);
  expect(await conversation.erase()).toBe(false);
  expect([conversation.notice, conversation.receipt]).toEqual([notice, null]);
  expect([seen(conversation), conversation.agreed, server.kept.length]).toEqual([["een: sent"], true, 1]);
  expect(await conversation.erase()).toBe(true);
  expect([conversation.notice, conversation.receipt]).toEqual(["", "W-1234"]);
});

test("what was erased while its reply was lost goes from the screen by itself", async () => {
  const conversation = await asked("een");
  server.fail("DELETE /conversation", "reply lost");
  await conversation.erase();
  expect(conversation.notice).toBe("erase_unknown");
  await pass(2_000);
  expect(seen(conversation)).toEqual([]);
});

test("erasing that worked shows that Kalm is reached again", async () => {
  const conversation = await asked("een");
  conversation.lose();
  await conversation.erase();
  expect([conversation.receipt, conversation.unreachable]).toEqual(["W-1234", false]);
});

test("erasing what has ended already, or never began, says that there was nothing", async () => {
  const conversation = await asked("een");
  server.endSessions();
  await conversation.erase();
  expect([conversation.receipt, seen(conversation), conversation.notice]).toEqual(["", [], ""]);
  const other = visit(new Shown());
  await other.erase();
  expect(other.receipt).toBe("");
});

test("a judgement of what is not there, or was erased meanwhile, is not sent", async () => {
  const conversation = await asked("een");
  await conversation.judge(2, true);
  await conversation.erase();
  await conversation.judge(1, true);
  expect([server.count("POST /feedback"), conversation.notice]).toEqual([0, ""]);
});

test("a session of which the time has passed is none", async () => {
  const conversation = await asked("een");
  const kept = JSON.parse(localStorage.getItem(`kalm ${ORIGIN} session`) ?? "");
  await pass(kept.ends_at * 1000 - Date.now());
  expect(conversation.agreed).toBe(false);
});

test("what was typed after the wish to erase still waits, and is sent after a new yes", async () => {
  const conversation = await asked("een");
  conversation.send("ja");
  conversation.send("twee");
  await pass();
  expect([conversation.agreed, seen(conversation)]).toEqual([false, ["ja: sent", "twee: waiting"]]);
  await conversation.agree();
  await pass();
  expect(seen(conversation)).toEqual(["twee: sent"]);
});

test("a session that ended takes away none that another tab began meanwhile", async () => {
  const conversation = await asked("een");
  server.endSessions();
  const ask = fetch;
  let newer = "";
  vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
    const answer = await ask(...request);
    newer ||= server.begin(); // the 401 of the old one is still under way
    return answer;
  });
  conversation.send("twee");
  await pass();
  expect([conversation.agreed, seen(conversation).at(-1)]).toEqual([true, "twee: sent"]);
  expect(server.sent.at(-1)?.token).toBe(newer);
});

test("a session that is used lasts longer: once a day it is renewed, with what was agreed to", async () => {
  const conversation = await asked("een");
  const before = server.sent.at(-1)?.token;
  await pass(23 * 60 * 60 * 1000);
  await conversation.refresh();
  expect(server.count("POST /session")).toBe(0);
  await pass(2 * 60 * 60 * 1000);
  await conversation.refresh();
  expect(server.asked.filter(({ route }) => route === "POST /session").map(({ token }) => token)).toEqual([
    before,
  ]);
  await conversation.refresh();
  expect(server.count("POST /session")).toBe(1);
});

test("a session whose consent is no longer what is asked lasts until it ends", async () => {
  const conversation = await asked("een");
  await pass(20 * 60 * 60 * 1000);
  server.fail("POST /session", { status: 409, code: "consent" });
  await pass(5 * 60 * 60 * 1000 - 1);
  await conversation.refresh();
  conversation.send("twee");
  await pass();
  expect(seen(conversation)).toEqual(["een: sent", "twee: sent"]);
});

test("an answer that was lost on its way is told when it comes with the rest", async () => {
  server.begin();
  const shown = new Shown();
  const conversation = visit(shown);
  await conversation.refresh();
  server.fail("POST /messages", "reply lost");
  conversation.send("slaap");
  await pass(60_000);
  expect(seen(conversation)).toEqual(["slaap: sent"]);
  expect(shown.messages.map(({ text }) => text)).toEqual(["slaap"]);
});

test("a server that was cleared begins anew on the screen as well", async () => {
  const conversation = await asked("een", "twee");
  server.clear();
  conversation.send("drie");
  await pass();
  expect(seen(conversation)).toEqual(["drie: sent"]);
});

test("nothing is sent while the conversation is erased; what waited goes on when that fails", async () => {
  const conversation = await asked("een");
  server.fail("DELETE /conversation", { status: 503, code: "unavailable" });
  conversation.send("twee");
  const erased = conversation.erase();
  conversation.send("drie");
  expect(conversation.erasing).toBe(true);
  await erased;
  await pass(2_000);
  const after = server.asked.findIndex(({ route }) => route === "DELETE /conversation");
  expect(server.asked.slice(after).filter(({ route }) => route === "POST /messages")).toHaveLength(2);
  expect(seen(conversation)).toEqual(["een: sent", "twee: sent", "drie: sent"]);
});

test("what was typed while it was erased still waits; what waited before is erased", async () => {
  const conversation = await asked("een");
  conversation.send("twee");
  const erased = conversation.erase();
  conversation.send("drie");
  await erased;
  expect(seen(conversation)).toEqual(["drie: waiting"]);
});

test("a session that another tab erased is not brought back by its renewal", async () => {
  const conversation = await asked("een");
  const other = visit();
  await pass(25 * 60 * 60 * 1000);
  const ask = fetch;
  vi.stubGlobal("fetch", async (...request: Parameters<typeof fetch>) => {
    const answer = await ask(...request);
    if (String(request[0]).endsWith("/session")) localStorage.clear(); // the other tab erases
    return answer;
  });
  await conversation.refresh();
  expect([conversation.agreed, other.agreed]).toEqual([false, false]);
});

test("what was agreed to and is no longer asked is not tried again at each reading", async () => {
  const conversation = await asked("een");
  await pass(25 * 60 * 60 * 1000);
  server.configuration = { ...CONFIGURATION, consent: { ...CONFIGURATION.consent, id: "consent-2" } };
  await conversation.refresh();
  await conversation.refresh();
  expect([server.count("POST /session"), conversation.agreed]).toEqual([1, true]);
});

test("a judgement that arrived takes away that one did not", async () => {
  const conversation = await asked("een");
  server.fail("POST /feedback", "no network");
  expect(await conversation.judge(1, false)).toBe(false);
  expect(conversation.notice).toBe("judge_failed");
  expect(await conversation.judge(1, false)).toBe(true);
  expect(conversation.notice).toBe("");
});
