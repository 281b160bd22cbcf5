import { describe, expect, test } from "vitest";
import type { Passage, Reply } from "../../src/conversation/replies";
import { filled, link, linked, moment, plain, safeUrl, sourceWords, telephone } from "../../src/panel/text";
import { STRINGS } from "../../src/strings";
import { drawn, links, words } from "../support/drawn";

const NUMBERS = {
  "112": "tel:112",
  "113": "tel:113",
  "0800-0113": "tel:08000113",
  "070 245 245": "tel:070245245",
};

const PASSAGE: Passage = {
  text: "Slaap helpt.",
  article: "Slaap",
  section: "Ritme",
  url: "https://kalm.example/slaap",
  updated: "2024-09-06",
  evidence: "onderzoek",
  age: "",
};

function linksIn(text: string, numbers: Record<string, string> = NUMBERS): string[] {
  return links(drawn(linked(text, numbers, STRINGS)));
}

describe("numbers of help", () => {
  test("each becomes a link, the longer before the shorter in it", () => {
    expect(linksIn("Bel 112, of 0800-0113 of 113.")).toEqual([
      "112 -> tel:112",
      "0800-0113 -> tel:08000113",
      "113 -> tel:113",
    ]);
  });

  test("one with spaces is one link", () => {
    expect(linksIn("In België 070 245 245, altijd")).toEqual(["070 245 245 -> tel:070245245"]);
  });

  test.each([
    "1130",
    "0113",
    "a113",
    "113a",
    "113-5",
    "0800-113",
    "113.nlx",
    "www-113",
    "1.113",
    "113.000",
    "2,113",
    "113,50",
  ])("not within a word, a longer number or an address: %s", (text) => {
    expect(linksIn(`Zie ${text} hier`)).toEqual([]);
    expect(linksIn(text)).toEqual([]);
  });

  test.each(["113", "113.", "(113)", "113,", "113, dag", "112/113".slice(4), "bel:113", "113\nof", "113!"])(
    "but at the edge of a sentence it is: %j",
    (text) => {
      expect(linksIn(text)).toEqual(["113 -> tel:113"]);
    },
  );

  test("all the text stays, in its order", () => {
    const text = "Bel 113 of 112 <b>nu</b>, zie https://a.nl/x. 1130 & meer";
    const place = drawn(linked(text, NUMBERS, STRINGS));
    expect(words(place).replace(` (${STRINGS.new_tab})`, "")).toBe(text);
    expect(place.querySelector("b")).toBeNull();
  });

  test("one that begins like a shorter one is taken whole", () => {
    const numbers = { "088": "tel:088", "088 0767 000": "tel:0880767000" };
    expect(linksIn("Bel 088 0767 000", numbers)).toEqual(["088 0767 000 -> tel:0880767000"]);
  });

  test("one with marks that mean something in a pattern is taken as it is written", () => {
    expect(linksIn("Bel +31 (0)800", { "+31 (0)800": "tel:+31800" })).toEqual(["+31 (0)800 -> tel:+31800"]);
  });

  test("one with an address that is no telephone number stays text", () => {
    const place = drawn(linked("Bel 113 nu", { "113": "javascript:alert(1)" }, STRINGS));
    expect([links(place), words(place)]).toEqual([[], "Bel 113 nu"]);
  });
});

describe("addresses", () => {
  test.each([
    ["Zie https://kalm.example/a?b=1&c=2#d.", "https://kalm.example/a?b=1&c=2#d"],
    ["(https://kalm.example/a)", "https://kalm.example/a"],
    ["https://kalm.example/a/, en meer", "https://kalm.example/a/"],
    ["Ken je http://kalm.example?!", "http://kalm.example"],
    ["<https://kalm.example/x>", "https://kalm.example/x"],
    ["https://kalm.example/v1.2;", "https://kalm.example/v1.2"],
    ["https://113.nl/112", "https://113.nl/112"],
  ])("the mark that ends a sentence is none of it: %s", (text, address) => {
    expect(linksIn(text)).toEqual([`${address} -> ${address}`]);
  });

  test("a link opens a new tab, says so, and gives the shop's page away to nobody", () => {
    const a = drawn(link("https://kalm.example", "Slaap", STRINGS)).querySelector("a");
    expect([a?.target, a?.rel, words(a)]).toEqual(["_blank", "noopener", "Slaap (opent een nieuw tabblad)"]);
  });

  test.each(["https://a.nl", "http://a.nl", "HTTPS://A.NL"])("may be opened: %s", (url) => {
    expect(safeUrl(url)).toBe(url);
  });

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\u0001javascript:alert(1)",
    "javascript://https://a.nl",
    "data:text/html,<script>",
    "vbscript:msgbox",
    "//a.nl",
    "/\\a.nl",
    " https://a.nl",
    "\thttps://a.nl",
    "https:a.nl",
    "file:///etc/passwd",
    "blob:https://a.nl/1",
    "",
  ])("may not be opened, and stays text: %j", (url) => {
    expect(safeUrl(url)).toBeNull();
    const place = drawn(link(url, "Slaap", STRINGS));
    expect([place.querySelector("a"), words(place)]).toEqual([null, "Slaap"]);
  });

  test.each(["tel:112", "tel:+31800113"])("may be called: %s", (address) => {
    expect(links(drawn(telephone("113", address)))).toEqual([`113 -> ${address}`]);
  });

  test.each([
    "tel:",
    "tel:112;ext=1",
    "tel:1 1",
    "TEL:112",
    "sms:112",
    "javascript:tel:112",
    "tel:112\n",
    "112",
    " tel:112",
  ])("may not be called: %j", (address) => {
    expect(telephone("113", address, "Bel 113")).toBe("Bel 113");
  });
});

describe("a reply as plain text", () => {
  const reply: Reply = {
    kind: "answer",
    message: "Dit vond ik.",
    passages: [PASSAGE],
    sources: ["Jansen 2019"],
    caution: "Let op.",
    notice: "Nieuw.",
    disclaimer: "Geen advies.",
    choices: "Kies er een.",
    question: "Hielp dit?",
  };

  test("read aloud it has what is asked and no address", () => {
    expect(plain(reply, STRINGS).split("\n")).toEqual([
      "Dit vond ik.",
      "Slaap helpt.",
      "Bron: Slaap, Ritme (onderzoek, 6 september 2024)",
      "Het artikel noemt daarbij als bron:",
      "Jansen 2019",
      "Let op.",
      "Nieuw.",
      "Geen advies.",
      "Hielp dit?",
      "Kies er een.",
    ]);
  });

  test("copied it has the address, and nothing that is asked", () => {
    const copied = plain(reply, STRINGS, true);
    expect(copied).toContain("Bron: Slaap, Ritme (onderzoek, 6 september 2024): https://kalm.example/slaap");
    expect(copied).not.toContain("Hielp dit?");
    expect(copied).not.toContain("Kies er een.");
  });

  test("a passage that is only cited is not quoted; how old it is, is said", () => {
    const passages = [{ ...PASSAGE, age: "Ouder dan 2 jaar." }];
    const said = plain({ kind: "answer", message: "Zie:", passages, cites_only: true }, STRINGS);
    expect(said).not.toContain("Slaap helpt.");
    expect(said).toContain("Ouder dan 2 jaar.");
  });

  test("small talk is its message, without empty lines", () => {
    expect(plain({ kind: "small_talk", message: "Hoi!", sources: [] }, STRINGS)).toBe("Hoi!");
  });
});

describe("dates and words", () => {
  test.each([
    ["2024-09-06", "onderzoek, 6 september 2024"],
    ["", "onderzoek"],
    ["kapot", "onderzoek, kapot"],
    ["2024-13-45", "onderzoek, 2024-13-45"],
  ])("the day of an article: %j", (updated, about) => {
    expect(sourceWords({ ...PASSAGE, updated }, STRINGS)).toEqual({ title: "Slaap, Ritme", about });
  });

  test("a kind of evidence that is new to the element is named as it is", () => {
    expect(sourceWords({ ...PASSAGE, evidence: "dromen" }, STRINGS).about).toBe("dromen, 6 september 2024");
  });

  test("what was said today has the time, what was said earlier the day as well", () => {
    const at = new Date(2026, 2, 4, 9, 5);
    expect(moment(at.valueOf() / 1000, new Date(2026, 2, 4, 23, 59).valueOf())).toBe("09:05");
    expect(moment(at.valueOf() / 1000, new Date(2026, 2, 5, 0, 0).valueOf())).toBe("woensdag 4 maart, 09:05");
    expect(moment(at.valueOf() / 1000, new Date(2027, 2, 4, 9, 5).valueOf())).toContain("maart");
  });

  test("words come in the place of their names, also 0 and what looks like a pattern", () => {
    expect(filled("{count} van {limit}, {other}", { count: 0, limit: "$&" })).toBe("0 van $&, {other}");
  });
});
