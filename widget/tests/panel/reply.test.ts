import { expect, test } from "vitest";
import type { Passage, Reply } from "../../src/conversation/replies";
import { lineView } from "../../src/panel/line";
import { reply, suggestions } from "../../src/panel/reply";
import { context, drawn, lineWith, links, words } from "../support/drawn";
import { APOLOGY } from "../support/server";

const PASSAGE: Passage = {
  text: "Slaap helpt.\n\nElke nacht.",
  article: "Slaap",
  section: "Ritme",
  url: "https://kalm.example/slaap",
  updated: "2024-09-06",
  evidence: "onderzoek",
  age: "Ouder dan 2 jaar.",
};

const ANSWER: Reply = {
  kind: "answer",
  message: "Dit vond ik.",
  passages: [PASSAGE],
  sources: ["Jansen 2019, https://doi.example/1."],
  caution: "Ben je zwanger, vraag het een arts.",
  disclaimer: "Geen medisch advies. In nood bel je 112.",
  numbers: { "112": "tel:112" },
  question: "Hielp dit?",
  choices: "Je kunt ook vragen:",
};

const DANGER: Reply = {
  kind: "emergency",
  message: "Bel nu 112, of 0800-0113.",
  numbers: { "112": "tel:112", "0800-0113": "tel:08000113", kwaad: "javascript:alert(1)" },
};

function shown(said: Reply, more = {}, did: string[] = []): HTMLElement {
  return drawn(reply(said, lineWith([said], more), true, context(did)));
}

function press(place: HTMLElement, text: string): void {
  const button = [...place.querySelectorAll("button")].find((one) => words(one) === text);
  if (!button) throw new Error(`no button "${text}" in: ${words(place)}`);
  button.click();
}

test("an answer has its passage in paragraphs, who says so, what to mind and the disclaimer", () => {
  const place = shown(ANSWER);
  expect([...place.querySelectorAll(".passage")].map(words)).toEqual(["Slaap helpt.", "Elke nacht."]);
  expect(words(place.querySelector(".source"))).toContain("Bron: Slaap, Ritme");
  expect(words(place.querySelector(".source"))).toContain("(onderzoek, 6 september 2024)");
  expect(words(place.querySelector(".caution"))).toBe("Ben je zwanger, vraag het een arts.");
  expect(words(place.querySelector(".disclaimer"))).toBe("Geen medisch advies. In nood bel je 112.");
  for (const said of ["Ouder dan 2 jaar.", "Je kunt ook vragen:"]) expect(words(place)).toContain(said);
  expect(links(place)).toEqual([
    "Slaap, Ritme -> https://kalm.example/slaap",
    "https://doi.example/1 -> https://doi.example/1",
    "112 -> tel:112",
  ]);
});

test("a passage that is only cited is not quoted", () => {
  const place = shown({ ...ANSWER, cites_only: true });
  expect(place.querySelector(".passage")).toBeNull();
  expect(words(place.querySelector(".source"))).toContain("Slaap, Ritme");
});

test("what an article says is text, also where it looks like a page", () => {
  const evil = '<img src=x onerror="alert(1)">';
  const passage = { ...PASSAGE, text: evil, article: evil, url: "javascript:alert(1)" };
  const place = shown({ ...ANSWER, message: evil, passages: [passage], sources: [evil], caution: evil });
  expect(place.querySelector("img")).toBeNull();
  expect(links(place)).toEqual(["112 -> tel:112"]);
  expect(words(place.querySelector("p"))).toBe(evil);
});

test("danger looks like danger, and each number is a large link besides the one in the text", () => {
  const place = shown(DANGER);
  expect(place.querySelector(".bubble")?.classList.contains("danger")).toBe(true);
  const calls = place.querySelector(".calls");
  expect(calls && links(calls)).toEqual(["Bel 112 -> tel:112", "Bel 0800-0113 -> tel:08000113"]);
  expect(links(place)).toHaveLength(4);
  expect(shown({ ...DANGER, kind: "crisis" }).querySelector(".calls")).not.toBeNull();
});

test("an answer that only names a number has no large links", () => {
  const place = shown(ANSWER);
  expect(place.querySelector(".bubble")?.classList.contains("danger")).toBe(false);
  expect(place.querySelector(".calls")).toBeNull();
});

test("only an answer with a passage, which the server has, is asked whether it helped", () => {
  expect(words(shown(ANSWER).querySelector(".feedback"))).toContain("Hielp dit?");
  expect(shown(ANSWER, { number: 0 }).querySelector(".feedback")).toBeNull();
  expect(shown({ kind: "small_talk", message: "Hoi" }).querySelector(".feedback")).toBeNull();
  expect(shown(DANGER).querySelector(".feedback")).toBeNull();
});

test("the thumbs tell which answer, and which of them was given is marked", () => {
  const did: string[] = [];
  const place = shown(ANSWER, { number: 7, helped: false }, did);
  const [up, down, copy] = place.querySelectorAll<HTMLButtonElement>(".feedback button");
  expect([up, down].map((one) => one?.getAttribute("aria-pressed"))).toEqual(["false", "true"]);
  for (const button of [up, down, copy]) button?.click();
  expect(did.slice(0, 2)).toEqual(["judge 7 true", "judge 7 false"]);
  expect(did[2]).toMatch(/^copy Dit vond ik\.[\s\S]*https:\/\/kalm\.example\/slaap[\s\S]* 7$/);
});

test("who says that it did not help is asked why, and one word is enough", () => {
  const did: string[] = [];
  const asking = { ...context(did), askingWhy: 7 };
  const place = drawn(reply(ANSWER, lineWith([ANSWER], { number: 7, helped: false }), true, asking));
  press(place, "Ik snap het niet");
  expect(did).toEqual(["judge 7 false Ik snap het niet"]);
  expect(words(place.querySelector(".feedback"))).not.toContain("Dank je.");
  expect(words(shown(ANSWER, { number: 7, helped: false }).querySelector(".feedback"))).toContain("Dank je.");
});

test("suggestions of a reply send what they stand for as a choice, and without any there is nothing", () => {
  const did: string[] = [];
  const offered = [{ title: "Over slaap", payload: "slaap" }];
  press(drawn(suggestions(offered, true, context(did))), "Over slaap");
  press(drawn(suggestions(offered, false, context(did))), "Over slaap");
  expect(did).toEqual(["choose slaap true", "choose slaap false"]);
  expect(words(drawn(suggestions([], true, context())))).toBe("");
  expect(words(drawn(suggestions(undefined, true, context())))).toBe("");
});

test("each message says whose it is to who cannot see that, and how it fares", () => {
  const place = drawn(lineView(lineWith([ANSWER], { text: "<b>slaap</b>" }), true, context()));
  expect(words(place.querySelector(".visitor"))).toBe("Jij: <b>slaap</b>");
  expect(words(place.querySelector(".bubble.kalm"))).toMatch(/^Kalm: Dit vond ik\./);
  expect(words(place.querySelector(".state"))).toMatch(/ · Verstuurd$/);
  expect(place.querySelector("button.suggestion")).toBeNull();
});

test("while a message is under way it shows that Kalm is busy, in words as well", () => {
  const place = drawn(lineView(lineWith([], { state: "sending", number: 0 }), true, context()));
  expect(words(place.querySelector(".typing"))).toBe("Kalm zoekt een antwoord");
  const waiting = drawn(lineView(lineWith([], { state: "waiting", number: 0 }), true, context()));
  expect([waiting.querySelector(".typing"), words(waiting.querySelector(".state")).split(" · ")[1]]).toEqual([
    null,
    "Wacht op verbinding",
  ]);
});

test("after an apology it may be sent again, and changed where the server has no part of it", () => {
  const did: string[] = [];
  const failed = { state: "failed", number: 0, again: true } as const;
  const place = drawn(lineView(lineWith([APOLOGY], failed), true, context(did)));
  press(place, "Probeer opnieuw");
  press(place, "Pas aan");
  expect(did).toEqual(["sendAgain a", "takeBack a"]);
  expect(words(place)).toContain("Er ging bij mij iets mis.");
  const kept = drawn(lineView(lineWith([APOLOGY], { ...failed, number: 3 }), true, context()));
  expect([...kept.querySelectorAll("button")].map(words)).toEqual(["Probeer opnieuw"]);
});

test("what cannot be sent says why, and can only be changed", () => {
  const failed = { state: "failed", number: 0, fault: "Dat is te lang." } as const;
  const place = drawn(lineView(lineWith([], failed), true, context()));
  expect(words(place)).toContain("Dat is te lang.");
  expect([...place.querySelectorAll("button")].map(words)).toEqual(["Pas aan"]);
});

test("what one may ask next can be pressed at the last message, and is text at those before", () => {
  const offering = { ...ANSWER, suggestions: [{ title: "Over ijzer", payload: "ijzer" }] };
  const last = drawn(reply(offering, lineWith([offering]), true, context()));
  expect([...last.querySelectorAll("button.suggestion")].map(words)).toEqual(["Over ijzer"]);
  const before = drawn(reply(offering, lineWith([offering]), false, context()));
  expect(before.querySelector("button.suggestion")).toBeNull();
  expect([...before.querySelectorAll("li")].map(words).at(-1)).toBe("Over ijzer");
});

test("lines with a dash are a list", () => {
  const text = "Dit kan:\n- opstaan\n- lopen\n\nVraag het een arts.";
  const place = shown({ ...ANSWER, sources: [], passages: [{ ...PASSAGE, text }] });
  expect([...place.querySelectorAll("ul.passage li")].map(words)).toEqual(["opstaan", "lopen"]);
  expect([...place.querySelectorAll("p.passage")].map(words)).toEqual(["Dit kan:", "Vraag het een arts."]);
});

test("who would rather not call can go to the site that is named", () => {
  const place = shown({
    kind: "crisis",
    message: "Bel 113, of chat via 113.nl.",
    numbers: { "113": "tel:113" },
  });
  expect(links(place)).toEqual(["113 -> tel:113", "113.nl -> https://113.nl", "Bel 113 -> tel:113"]);
});
