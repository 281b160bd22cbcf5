import { expect, test } from "vitest";
import type { Conversation } from "../../src/conversation/conversation";
import { footer, notice, noticeWords, question, receiptWords } from "../../src/panel/panel";
import { STRINGS } from "../../src/strings";
import { context, drawn, links, words } from "../support/drawn";

function told(given: Partial<Conversation>): Conversation {
  return { notice: "", unreachable: false, agreed: true, ...given } as Conversation;
}

function counted(draft: string): string {
  return words(drawn(question({ ...context(), draft })).querySelector(".count"));
}

test("how long a text is, is shown when it is nearly too long, and said when it is", () => {
  expect(counted("a".repeat(900))).toBe("");
  expect(counted("a".repeat(901))).toBe("901 / 1000");
  expect(counted("a".repeat(1_000))).toBe("1000 / 1000");
  expect(counted("a".repeat(1_001))).toBe("Je bericht is te lang: 1001 tekens. Hoogstens 1000 kan.");
});

test("a button sends what is typed, and the page is not loaded anew", () => {
  const did: string[] = [];
  const form = drawn(question(context(did))).querySelector("form");
  const event = new Event("submit", { cancelable: true });
  form?.dispatchEvent(event);
  expect([did, event.defaultPrevented]).toEqual([["ask"], true]);
});

test("each notice has its words, those of the server as they are, and none is no bar", () => {
  expect(noticeWords(told({ notice: "ended" }), STRINGS)).toBe(STRINGS.ended);
  expect(noticeWords(told({ notice: "judge_failed" }), STRINGS)).toBe(STRINGS.judge_failed);
  expect(noticeWords(told({ notice: { words: "Even rustig aan." } }), STRINGS)).toBe("Even rustig aan.");
  expect(noticeWords(told({}), STRINGS)).toBe("");
  expect(noticeWords(told({ unreachable: true }), STRINGS)).toBe(STRINGS.unreachable);
  expect(noticeWords(told({ unreachable: true, agreed: false }), STRINGS)).toBe(STRINGS.unreachable_yet);
  expect(drawn(notice(told({}), context())).querySelector(".bar")).toBeNull();
});

test("whom to call is told where Kalm is not reached, and not at another notice", () => {
  const place = drawn(notice(told({ unreachable: true }), context()));
  expect(links(place)).toEqual(["112 -> tel:112"]);
  expect(links(drawn(notice(told({ notice: "ended" }), context())))).toEqual([]);
});

test("whom to call is told in the element's own words where Kalm's were never read", () => {
  const place = drawn(notice(told({ unreachable: true }), { ...context(), configuration: null }));
  expect(words(place)).toContain(STRINGS.danger);
  expect(links(place)).toEqual(["112 -> tel:112", "113 -> tel:113", "1813 -> tel:1813"]);
});

test("a receipt is told with its number, and where there was nothing that is told", () => {
  expect(receiptWords("W-1", STRINGS)).toContain("Je bonnummer is W-1.");
  expect(receiptWords("", STRINGS)).toBe(STRINGS.erased_nothing);
});

test("what is kept can be read at any time: below, or in the question whether it may be", () => {
  expect(links(drawn(footer(false, context())))).toEqual([
    `${STRINGS.privacy} -> https://kalm.example/privacy`,
  ]);
  expect(links(drawn(footer(true, context())))).toEqual([]);
  expect(words(drawn(footer(true, context())))).toBe(STRINGS.disclaimer);
});
