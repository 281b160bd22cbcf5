import { expect, test } from "vitest";
import { Answered } from "../../src/conversation/answered";
import type { History, MessageKept, Reply } from "../../src/conversation/replies";
import { APOLOGY } from "../support/server";

function kept(
  number: number,
  id = `m${number}`,
  reply: Reply = { kind: "answer", message: "Ja" },
): MessageKept {
  return { id, number, at: number, text: id, replies: [reply], helped: null };
}

/** A server with messages; `asked` has after which numbers was read. */
function server(messages: MessageKept[], page = 50) {
  const asked: number[] = [];
  const read = async (after: number): Promise<History> => {
    asked.push(after);
    const found = messages.filter(({ number }) => number > after);
    return { messages: found.slice(0, page), more: found.length > page };
  };
  return { asked, read };
}

async function knowing(...messages: MessageKept[]): Promise<Answered> {
  const answered = new Answered();
  await answered.read(server(messages).read);
  return answered;
}

function shown(answered: Answered): string {
  return answered.messages.map(({ id, number }) => `${id}@${number}`).join(" ");
}

test("the first time all is read, page after page", async () => {
  const answered = new Answered();
  const { asked, read } = server(
    [1, 2, 3, 4, 5].map((number) => kept(number)),
    2,
  );
  await answered.read(read);
  expect(shown(answered)).toBe("m1@1 m2@2 m3@3 m4@4 m5@5");
  expect(asked).toEqual([0, 2, 4]);
});

test("later only what is new is read, with the last known one to compare", async () => {
  const answered = await knowing(kept(1), kept(2), kept(3));
  const { asked, read } = server([kept(1), kept(2), kept(3), kept(4)]);
  await answered.read(read);
  expect(shown(answered)).toBe("m1@1 m2@2 m3@3 m4@4");
  expect(asked).toEqual([2]);
});

test("a server that has nothing any more makes all be forgotten", async () => {
  const answered = await knowing(kept(1), kept(2));
  await answered.read(server([]).read);
  expect(answered.messages).toEqual([]);
});

test("a conversation that began anew takes the place of the one before, also where it is longer", async () => {
  const answered = await knowing(kept(1), kept(2));
  const { asked, read } = server([kept(1, "x"), kept(2, "y"), kept(3, "z")]);
  await answered.read(read);
  expect(shown(answered)).toBe("x@1 y@2 z@3");
  expect(asked).toEqual([1, 0]);
});

test("one of which the only message is another one is not read twice", async () => {
  const answered = await knowing(kept(1));
  const { asked, read } = server([kept(1, "x")]);
  await answered.read(read);
  expect(shown(answered)).toBe("x@1");
  expect(asked).toEqual([0]);
});

test("a message that was sent again after an apology has its new number and comes once", async () => {
  const answered = await knowing(kept(1), kept(2, "a", APOLOGY));
  await answered.read(server([kept(1), kept(3), kept(4, "a")]).read);
  expect(shown(answered)).toBe("m1@1 m3@3 a@4");
});

test("one that is taken in stands in the order of the numbers", () => {
  const answered = new Answered();
  for (const number of [3, 1, 2]) answered.take(kept(number));
  expect(shown(answered)).toBe("m1@1 m2@2 m3@3");
  expect(answered.last).toBe(3);
});

test("what was said after erasing, which has no number, goes when there is something new", () => {
  const answered = new Answered();
  answered.take(kept(0, "ja"));
  expect([shown(answered), answered.last]).toEqual(["ja@0", 0]);
  answered.take(kept(1));
  expect(shown(answered)).toBe("m1@1");
});

test("what was said after erasing stays while the server has nothing", async () => {
  const answered = new Answered();
  answered.take(kept(0, "ja"));
  await answered.read(server([]).read);
  expect(shown(answered)).toBe("ja@0");
});

test("what another tab sent before one's own message is read as well", async () => {
  const answered = await knowing(kept(1));
  answered.take(kept(3)); // 2 came from the other tab
  await answered.read(server([kept(1), kept(2), kept(3)]).read);
  expect(shown(answered)).toBe("m1@1 m2@2 m3@3");
});

test("whether something before the last one was never read is known, also after forgetting", () => {
  const answered = new Answered();
  const gaps = [1, 2, 4].map((number) => {
    answered.take(kept(number));
    return answered.hasGap;
  });
  expect(gaps).toEqual([false, false, true]);
  answered.forget();
  answered.take(kept(1));
  answered.take(kept(3));
  expect(answered.hasGap).toBe(true);
});

test("a number that the server does not use is no gap once it was read", async () => {
  const answered = await knowing(kept(1), kept(3), kept(5));
  expect(answered.hasGap).toBe(false);
  const { asked, read } = server([kept(1), kept(3), kept(5), kept(6)]);
  await answered.read(read);
  expect([asked, shown(answered)]).toEqual([[4], "m1@1 m3@3 m5@5 m6@6"]);
});

test("a message has an answer when there is more than an apology", async () => {
  const answered = await knowing(kept(1, "a"), kept(2, "b", APOLOGY));
  expect(["a", "b", "c"].map((id) => answered.answer(id)?.id)).toEqual(["a", undefined, undefined]);
});
