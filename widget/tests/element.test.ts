import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KalmChat } from "../src/element";
import { words } from "./support/drawn";
import { pass, useFreshBrowser } from "./support/page";
import { APOLOGY, ORIGIN, StandIn } from "./support/server";

useFreshBrowser();

let server: StandIn;
if (!customElements.get("kalm-chat")) customElements.define("kalm-chat", KalmChat);

beforeEach(() => {
  server = new StandIn();
});

afterEach(() => {
  document.body.replaceChildren();
});

/** The element on a page, with attributes. */
async function placed(attributes: Record<string, string> = {}): Promise<KalmChat> {
  const element = document.createElement("kalm-chat") as KalmChat;
  const all = { server: ORIGIN, ...attributes };
  for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
  document.body.append(element);
  await pass();
  return element;
}

/** The same, opened by a visitor who agreed before. */
async function opened(attributes: Record<string, string> = {}): Promise<KalmChat> {
  server.begin();
  const element = await placed(attributes);
  await click(element, ".launcher");
  return element;
}

function find<Part extends HTMLElement = HTMLElement>(element: KalmChat, selector: string): Part {
  const found = element.renderRoot.querySelector<Part>(selector);
  if (!found) throw new Error(`no ${selector} in ${words(element.renderRoot as unknown as Element)}`);
  return found;
}

function has(element: KalmChat, selector: string): boolean {
  return element.renderRoot.querySelector(selector) !== null;
}

async function click(element: KalmChat, selector: string): Promise<void> {
  find(element, selector).click();
  await pass();
}

async function key(element: KalmChat, selector: string, init: KeyboardEventInit): Promise<KeyboardEvent> {
  const event = new KeyboardEvent("keydown", { bubbles: true, composed: true, cancelable: true, ...init });
  find(element, selector).dispatchEvent(event);
  await pass();
  return event;
}

async function type(element: KalmChat, text: string): Promise<void> {
  const area = find<HTMLTextAreaElement>(element, "textarea");
  area.value = text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await pass();
}

function isOpen(element: KalmChat): boolean {
  return find<HTMLDialogElement>(element, "dialog").open;
}

test("closed it is one button and asks the server nothing", async () => {
  const element = await placed();
  expect(find(element, ".launcher").getAttribute("aria-expanded")).toBe("false");
  expect([isOpen(element), has(element, "header"), server.asked]).toEqual([false, false, []]);
});

test("the button opens it, and says so; the close button closes it and gives the focus back", async () => {
  const element = await placed();
  await click(element, ".launcher");
  expect([isOpen(element), find(element, ".launcher").getAttribute("aria-expanded")]).toEqual([true, "true"]);
  expect((element.renderRoot as ShadowRoot).activeElement?.id).toBe("heading");
  await click(element, ".close");
  expect([isOpen(element), find(element, ".launcher").getAttribute("aria-expanded")]).toEqual([
    false,
    "false",
  ]);
  expect((element.renderRoot as ShadowRoot).activeElement?.className).toBe("launcher");
});

test("nothing can be typed before the visitor agrees, and then it can", async () => {
  const element = await placed();
  await click(element, ".launcher");
  expect(words(find(element, ".card"))).toContain("Mag ik dit bewaren?");
  expect(has(element, "textarea")).toBe(false);
  await click(element, ".agree");
  expect(has(element, ".card")).toBe(false);
  expect((element.renderRoot as ShadowRoot).activeElement?.id).toBe("question");
});

test("what is typed goes with Enter, and not while a word is composed or a line is added", async () => {
  const element = await opened();
  await type(element, "  slaap  ");
  await key(element, "textarea", { key: "Enter", shiftKey: true });
  await key(element, "textarea", { key: "Enter", isComposing: true });
  expect(server.sent).toEqual([]);
  expect((await key(element, "textarea", { key: "Enter" })).defaultPrevented).toBe(true);
  expect(server.sent.map(({ text, chosen }) => [text, chosen])).toEqual([["slaap", false]]);
  expect(find<HTMLTextAreaElement>(element, "textarea").value).toBe("");
  expect(words(find(element, ".line"))).toContain("Over slaap");
  await type(element, "   ");
  await key(element, "textarea", { key: "Enter" });
  expect(server.sent).toHaveLength(1);
});

test("an answer is read aloud once, and is gone from there after a second", async () => {
  const element = await opened();
  await type(element, "slaap");
  await key(element, "textarea", { key: "Enter" });
  expect(words(find(element, ".panel .announcer"))).toBe("Over slaap");
  expect(words(find(element, ".root > .announcer"))).toBe("");
  await pass(1_000);
  expect(words(find(element, ".panel .announcer"))).toBe("");
});

test("a suggestion of a reply is sent as a choice; one from before the first message no reply offered", async () => {
  server.answer = (text) => [
    { kind: "answer", message: `Over ${text}`, suggestions: [{ title: "Verder", payload: "verder" }] },
  ];
  const element = await opened();
  await click(element, ".suggestion");
  await click(element, ".line .suggestion");
  expect(server.sent.map(({ text, chosen }) => [text, chosen])).toEqual([
    ["wat zijn rusteloze benen", false],
    ["verder", true],
  ]);
});

test("what is typed stays there on the next page, until it is sent", async () => {
  const element = await opened();
  await type(element, "slaap");
  element.remove();
  const next = await placed();
  expect(find<HTMLTextAreaElement>(next, "textarea").value).toBe("slaap");
  await key(next, "textarea", { key: "Enter" });
  expect(sessionStorage.getItem("kalm draft")).toBeNull();
});

test("what was not answered comes before what is being typed", async () => {
  server.fail("POST /messages", { status: 503, code: "unavailable", reply: APOLOGY });
  const element = await opened();
  await type(element, "slaap");
  await key(element, "textarea", { key: "Enter" });
  await type(element, "ijzer");
  [...element.renderRoot.querySelectorAll("button")].find((one) => words(one) === "Pas aan")?.click();
  await pass();
  expect(find<HTMLTextAreaElement>(element, "textarea").value).toBe("slaap\nijzer");
});

test("what was not answered can be changed: its text stands where one types", async () => {
  server.fail("POST /messages", { status: 503, code: "unavailable", reply: APOLOGY });
  const element = await opened();
  await type(element, "slaap");
  await key(element, "textarea", { key: "Enter" });
  const change = [...element.renderRoot.querySelectorAll("button")].find((one) => words(one) === "Pas aan");
  change?.click();
  await pass();
  expect(find<HTMLTextAreaElement>(element, "textarea").value).toBe("slaap");
  expect(has(element, ".line")).toBe(false);
});

test("Escape first takes back the question whether to erase, then closes", async () => {
  const element = await opened();
  await click(element, ".erase");
  expect(has(element, "#sure")).toBe(true);
  await key(element, ".keep", { key: "Escape" });
  expect([has(element, "#sure"), isOpen(element)]).toEqual([false, true]);
  const pressed = await key(element, "textarea", { key: "Escape" });
  expect([isOpen(element), pressed.defaultPrevented]).toEqual([false, true]);
});

test("Escape from the page closes it as well, unless the page needed it itself", async () => {
  const element = await opened();
  const field = document.createElement("input");
  document.body.append(field);
  field.focus();
  const press = (
    event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }),
  ) => {
    field.dispatchEvent(event);
    return pass();
  };
  field.addEventListener("keydown", (event) => event.preventDefault(), { once: true });
  await press();
  expect(isOpen(element)).toBe(true);
  await press();
  expect([isOpen(element), document.activeElement]).toEqual([false, field]);
});

test("a browser that closes the panel by itself, as a phone does on its way back, has it closed", async () => {
  const element = await opened();
  find<HTMLDialogElement>(element, "dialog").close();
  await pass();
  expect([isOpen(element), find(element, ".launcher").hidden]).toEqual([false, false]);
  await click(element, ".launcher");
  expect(isOpen(element)).toBe(true);
});

test("erasing asks once more, and then gives the receipt", async () => {
  const element = await opened();
  await type(element, "slaap");
  await key(element, "textarea", { key: "Enter" });
  await click(element, ".erase");
  expect(server.count("DELETE /conversation")).toBe(0);
  await click(element, "[aria-labelledby=sure] .first");
  expect(words(find(element, ".card"))).toContain("Je bonnummer is W-1234.");
  expect(has(element, ".line")).toBe(false);
});

test("without connection it says whom to call, also where nothing was ever read", async () => {
  server.online = false;
  const element = await placed();
  await click(element, ".launcher");
  const numbers = [...element.renderRoot.querySelectorAll(".bar a")].map((one) => one.getAttribute("href"));
  expect(numbers).toEqual(["tel:112", "tel:113", "tel:1813"]);
  server.online = true;
  window.dispatchEvent(new Event("online"));
  await pass();
  expect(has(element, ".bar")).toBe(false);
});

test("the browser's word that the network is gone is shown at once", async () => {
  const element = await opened();
  window.dispatchEvent(new Event("offline"));
  await pass();
  expect(words(find(element, ".bar"))).toContain("Er is nu geen verbinding.");
});

test("who erases without connection is told that it is not known, and still whom to call", async () => {
  const element = await opened();
  server.online = false;
  window.dispatchEvent(new Event("offline"));
  await click(element, ".erase");
  await click(element, "[aria-labelledby=sure] .first");
  expect(words(find(element, ".bar"))).toContain("Ik weet niet of het wissen lukte.");
  expect(find(element, ".bar a").getAttribute("href")).toBe("tel:112");
});

test("what waits from an earlier page is sent without opening, and its answer is announced on the button", async () => {
  server.begin();
  const waiting = { id: "a", text: "slaap", chosen: false, at: Date.now() / 1000 };
  localStorage.setItem(`kalm ${ORIGIN} waiting a`, JSON.stringify(waiting));
  const element = await placed();
  expect(server.sent.map(({ id }) => id)).toEqual(["a"]);
  expect([isOpen(element), has(element, ".unread")]).toEqual([false, true]);
  expect(words(find(element, ".root > .announcer"))).toBe("Er is een nieuw antwoord van Kalm.");
  await click(element, ".launcher");
  expect(has(element, ".unread")).toBe(false);
});

test("on the next page of the shop it is open again where it was, and stays closed where it was closed", async () => {
  const element = await opened();
  element.remove();
  const next = await placed();
  expect([isOpen(next), (next.renderRoot as ShadowRoot).activeElement]).toEqual([true, null]);
  await click(next, ".close");
  next.remove();
  expect(isOpen(await placed())).toBe(false);
});

test("where the tab may keep nothing it opens and closes all the same", async () => {
  const refuse = () => {
    throw new DOMException("no", "SecurityError");
  };
  vi.stubGlobal("sessionStorage", new Proxy(sessionStorage, { get: () => refuse }));
  const element = await opened();
  expect(isOpen(element)).toBe(true);
  await click(element, ".close");
  expect(isOpen(element)).toBe(false);
});

test("moved to another place of the page it goes on", async () => {
  const element = await opened();
  const place = document.createElement("main");
  document.body.append(place);
  place.append(element);
  await pass();
  await type(element, "slaap");
  await key(element, "textarea", { key: "Enter" });
  expect([isOpen(element), words(find(element, ".line"))]).toEqual([
    true,
    expect.stringContaining("Over slaap"),
  ]);
});

test("taken off the page it listens to nothing any more", async () => {
  const element = await opened();
  server.online = false;
  await type(element, "slaap");
  await key(element, "textarea", { key: "Enter" });
  element.remove();
  server.online = true;
  const asked = server.asked.length;
  for (const name of ["online", "pageshow"]) window.dispatchEvent(new Event(name));
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(60_000);
  expect(server.asked).toHaveLength(asked);
});
