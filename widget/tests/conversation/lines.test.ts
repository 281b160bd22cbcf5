import { expect, test } from "vitest";
import { linesOf } from "../../src/conversation/lines";
import type { Failed, Waiting } from "../../src/conversation/memory";
import type { MessageKept } from "../../src/conversation/replies";
import { APOLOGY } from "../support/server";

function kept(number: number, id = `m${number}`): MessageKept {
  return { id, number, at: number, text: id, replies: [{ kind: "answer", message: "Ja" }], helped: null };
}

function waiting(id: string, failed?: Partial<Failed>): Waiting {
  const message = { id, text: id, chosen: false, at: 9 };
  const why = { message: "Te lang.", reply: null, again: false, after: 0, ...failed };
  return failed ? { ...message, failed: why } : message;
}

function shown(answered: MessageKept[], unanswered: Waiting[], sendingId = ""): string {
  return linesOf(answered, unanswered, sendingId)
    .map(({ id, state }) => `${id} ${state}`)
    .join(", ");
}

test("what was answered comes first, then what waits, and only the one under way is being sent", () => {
  expect(shown([kept(1)], [waiting("a"), waiting("b")], "a")).toBe("m1 sent, a sending, b waiting");
});

test("what failed stays between the messages where it failed", () => {
  const answered = [kept(1), kept(2), kept(5)];
  expect(shown(answered, [waiting("a", { after: 1 })])).toBe("m1 sent, a failed, m2 sent, m5 sent");
  expect(shown(answered, [waiting("a", { after: 3 })])).toBe("m1 sent, m2 sent, a failed, m5 sent");
  expect(shown(answered, [waiting("a", { after: 5 })])).toBe("m1 sent, m2 sent, m5 sent, a failed");
});

test("two that failed in the same place keep their order", () => {
  const unanswered = [waiting("a", { after: 1 }), waiting("b", { after: 1 })];
  expect(shown([kept(1), kept(2)], unanswered)).toBe("m1 sent, a failed, b failed, m2 sent");
});

test("a message that is answered already and still waits comes once", () => {
  expect(shown([kept(1, "a")], [waiting("a")])).toBe("a sent");
});

test("what failed shows the reply, and the words of the fault only where there is no reply", () => {
  const [apology] = linesOf([], [waiting("a", { message: "Mis.", reply: APOLOGY, again: true })], "");
  expect(apology).toMatchObject({ replies: [APOLOGY], fault: "", again: true, number: 0 });
  const [tooLong] = linesOf([], [waiting("a", { message: "Te lang." })], "");
  expect(tooLong).toMatchObject({ replies: [], fault: "Te lang.", again: false });
});

test("an apology that the server kept may be asked for again, at its own place and number", () => {
  const apology = { ...kept(1, "a"), replies: [APOLOGY] };
  const lines = linesOf([apology, kept(2)], [waiting("a", { reply: APOLOGY, again: true })], "");
  expect(lines.map(({ id, state, number, again }) => [id, state, number, again])).toEqual([
    ["a", "failed", 1, true],
    ["m2", "sent", 2, false],
  ]);
});
