import { expect, test, vi } from "vitest";
import { Memory, type Waiting } from "../../src/conversation/memory";
import { refuseToStore, useFreshBrowser } from "../support/page";

useFreshBrowser();

const HOST = "https://kalm.example/";

function message(id: string, at: number): Waiting {
  return { id, text: `vraag ${id}`, chosen: false, at: Date.now() / 1000 + at };
}

function agreed(seconds: number) {
  return { token: "token", ends_at: Date.now() / 1000 + seconds, consent: "consent-1", at: 0 };
}

function ids(memory: Memory): string[] {
  return memory.waiting.map(({ id }) => id);
}

test("what waits comes in the order in which it was typed, not in which it was put", () => {
  const memory = new Memory(HOST);
  for (const one of [message("c", 3), message("a", 1), message("b", 2)]) memory.put(one);
  expect(ids(memory)).toEqual(["a", "b", "c"]);
});

test("the next page of the site knows what waits and the session", () => {
  const before = new Memory(HOST);
  before.put(message("a", 1));
  before.session = agreed(60);
  const after = new Memory(HOST);
  expect(after.waiting).toEqual([message("a", 1)]);
  expect(after.session?.token).toBe("token");
});

test("a message that is put again takes the place of what it was, and one that is dropped is gone", () => {
  const memory = new Memory(HOST);
  memory.put(message("a", 1));
  memory.put({ ...message("a", 1), text: "anders" });
  expect(memory.waiting.map(({ text }) => text)).toEqual(["anders"]);
  memory.drop("a");
  expect(memory.waiting).toEqual([]);
  expect(localStorage.length).toBe(0);
});

test("a session counts until the second at which it ends", () => {
  const memory = new Memory(HOST);
  memory.session = agreed(60);
  vi.advanceTimersByTime(59_000);
  expect(memory.session).not.toBeNull();
  vi.advanceTimersByTime(1_000);
  expect(memory.session).toBeNull();
});

test("what is dropped is of this bot server alone, and nothing of the shop", () => {
  const [memory, other] = [new Memory(HOST), new Memory("https://other.example/")];
  localStorage.setItem("cart", "3 flakes");
  other.put(message("b", 2));
  memory.put(message("a", 1));
  memory.session = agreed(60);
  expect(ids(memory)).toEqual(["a"]);
  memory.session = null;
  memory.drop("a");
  expect([memory.session, ids(memory), ids(other)]).toEqual([null, [], ["b"]]);
  expect(localStorage.getItem("cart")).toBe("3 flakes");
});

test("what another script wrote in its place counts as nothing", () => {
  localStorage.setItem(`kalm ${HOST} session`, "{broken");
  localStorage.setItem(`kalm ${HOST} waiting a`, "also broken");
  const memory = new Memory(HOST);
  memory.put(message("b", 1));
  expect(memory.session).toBeNull();
  expect(ids(memory)).toEqual(["b"]);
});

test("where the browser's store is shut off, the page remembers by itself", () => {
  refuseToStore("getItem", "setItem", "removeItem");
  const memory = new Memory(HOST);
  memory.session = agreed(60);
  memory.put(message("a", 1));
  expect([memory.session?.token, ids(memory)]).toEqual(["token", ["a"]]);
  expect(localStorage.length).toBe(0);
  memory.session = null;
  memory.drop("a");
  expect([memory.session, ids(memory)]).toEqual([null, []]);
});

test("where the store does not exist at all, the page remembers by itself", () => {
  vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
    throw new DOMException("no", "SecurityError");
  });
  expect(() => localStorage).toThrow();
  const memory = new Memory(HOST);
  memory.put(message("a", 1));
  expect(ids(memory)).toEqual(["a"]);
  memory.drop("a");
  expect(ids(memory)).toEqual([]);
});

test("where the store is full, what it would not take stands in the place of what it had", () => {
  const memory = new Memory(HOST);
  memory.put(message("a", 1));
  refuseToStore("setItem");
  memory.put({ ...message("a", 1), text: "anders" });
  memory.put(message("b", 2));
  expect(memory.waiting.map(({ text }) => text)).toEqual(["anders", "vraag b"]);
  expect(localStorage.length).toBe(1);
  memory.drop("a");
  expect(ids(memory)).toEqual(["b"]);
});

test("what fits again is kept by the browser again, and the page lets go of it", () => {
  const memory = new Memory(HOST);
  refuseToStore("setItem");
  memory.put(message("a", 1));
  expect(localStorage.length).toBe(0);
  vi.unstubAllGlobals();
  memory.put({ ...message("a", 1), text: "anders" });
  new Memory(HOST).drop("a"); // another tab sent it
  expect(memory.waiting).toEqual([]);
});

test("what waits for more than a week is not sent any more", () => {
  const memory = new Memory(HOST);
  memory.put(message("a", 0));
  vi.advanceTimersByTime(6 * 24 * 60 * 60 * 1000);
  expect(ids(memory)).toEqual(["a"]);
  vi.advanceTimersByTime(24 * 60 * 60 * 1000);
  expect(ids(memory)).toEqual([]);
  expect(localStorage.length).toBe(0);
});

test("a session that ended is not kept", () => {
  const memory = new Memory(HOST);
  memory.session = agreed(60);
  vi.advanceTimersByTime(60_000);
  expect([memory.session, localStorage.length]).toEqual([null, 0]);
});

test.each([{}, { id: "b", text: "x", at: 4_000_000_000 }, { id: "a" }, 7, "x"])(
  "a message that is not ours is taken away: %j",
  (strange) => {
    localStorage.setItem(`kalm ${HOST} waiting a`, JSON.stringify(strange));
    expect(ids(new Memory(HOST))).toEqual([]);
    expect(localStorage.length).toBe(0);
  },
);
