import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { KalmChat } from "../src/element";
import { words } from "./support/drawn";
import { pass, useFreshBrowser } from "./support/page";
import { ORIGIN, StandIn } from "./support/server";

useFreshBrowser();

let server: StandIn;

beforeEach(() => {
  server = new StandIn();
  server.begin();
});

afterEach(() => {
  document.body.replaceChildren();
});

/** The script of a page runs, as one with these attributes; `{}` is one without any. */
async function load(attributes: Record<string, string>): Promise<void> {
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  vi.spyOn(document, "currentScript", "get").mockReturnValue(script);
  vi.resetModules();
  await import("../src/kalm");
  await pass();
}

/** The element as the page writes it, opened. */
async function written(attributes: Record<string, string>): Promise<KalmChat> {
  await load({});
  const element = document.createElement("kalm-chat") as KalmChat;
  const all = { server: ORIGIN, ...attributes };
  for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
  document.body.append(element);
  await pass();
  part(element, ".launcher")?.click();
  await pass();
  return element;
}

function part(element: Element, selector: string): HTMLElement | null {
  return (element as KalmChat).renderRoot.querySelector(selector);
}

function elements(): Element[] {
  return [...document.querySelectorAll("kalm-chat")];
}

test("a script with a server puts the element on the page, with its other attributes", async () => {
  await load({ "data-server": ORIGIN, "data-position": "left", "data-heading": "Vraag het Kalm" });
  expect(elements()).toHaveLength(1);
  const [element] = elements();
  expect(["server", "position", "heading"].map((name) => element?.getAttribute(name))).toEqual([
    ORIGIN,
    "left",
    "Vraag het Kalm",
  ]);
});

test("a script that is loaded twice makes one element and no error", async () => {
  await load({ "data-server": ORIGIN });
  await load({ "data-server": ORIGIN });
  expect(elements()).toHaveLength(1);
});

test("a page that writes the element itself gets no second one", async () => {
  document.body.append(document.createElement("kalm-chat"));
  await load({ "data-server": ORIGIN });
  expect(elements()).toHaveLength(1);
});

test("a script without a server puts nothing on the page", async () => {
  await load({});
  expect(elements()).toEqual([]);
  expect(customElements.get("kalm-chat")).toBeDefined();
});

test("the heading and the greeting are the shop's where it has them, and else Kalm's", async () => {
  const own = await written({ heading: "Vraag het maar", greeting: "Welkom bij ons." });
  expect(words(part(own, "h2"))).toBe("Vraag het maar");
  expect(words(part(own, ".bubble p"))).toBe("Welkom bij ons.");
  own.remove();
  const plain = await written({});
  expect(words(part(plain, "h2"))).toBe("Kalm");
  expect(words(part(plain, ".bubble p"))).toBe("Hoi, ik ben Kalm.");
});

test("the disclaimer of Kalm stays, whatever the shop greets with", async () => {
  const element = await written({ greeting: "Welkom bij ons." });
  expect(words(part(element, ".bubble .disclaimer"))).toBe("Geen medisch advies.");
});

test("any of the words can be the shop's own, and the others stay", async () => {
  const element = await written({ strings: '{"open": "Chat met ons", "label": "Typ hier"}' });
  expect(words(part(element, ".launcher"))).toBe("Chat met ons");
  expect(part(element, "textarea")?.getAttribute("placeholder")).toBe("Typ hier");
  expect(part(element, ".close")?.getAttribute("aria-label")).toBe("Sluit de chat");
});

test.each(["{broken", "", "null", "3", "[]"])(
  "words that are no JSON object leave Kalm's own: %j",
  async (strings) => {
    const element = await written({ strings });
    expect(words(part(element, ".launcher"))).toBe("Stel je vraag");
    expect(part(element, "textarea")).not.toBeNull();
  },
);

test("the place and the scheme are attributes that a page can also set as properties", async () => {
  const element = await written({ position: "left" });
  expect(element.position).toBe("left");
  element.scheme = "light";
  await pass();
  expect(element.getAttribute("scheme")).toBe("light");
});

test("without an address the server is the page's own host", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  await written({ server: "" });
  expect(String(fetched.mock.calls[0]?.[0])).toMatch(/^http:\/\/localhost:3000\/webhooks\/website\//);
});
