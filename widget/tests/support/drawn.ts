import { render } from "lit";
import type { Line } from "../../src/conversation/lines";
import type { Reply } from "../../src/conversation/replies";
import type { Actions, Context } from "../../src/panel/context";
import { STRINGS } from "../../src/strings";
import { CONFIGURATION } from "./server";

/** A part of the panel as it stands on the page. */
export function drawn(part: unknown): HTMLElement {
  const place = document.createElement("div");
  render(part, place);
  return place;
}

/** The text as it is read, with one space where there are more. */
export function words(element: Element | null | undefined): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** Each link in a part, as "text -> address"; what only a screen reader says is left out. */
export function links(element: Element): string[] {
  return [...element.querySelectorAll("a")].map((one) => {
    const text = words(one).replace(` (${STRINGS.new_tab})`, "");
    return `${text} -> ${one.getAttribute("href")}`;
  });
}

/** Nothing is under way. */
const IDLE = { draft: "", sureToErase: false, askingWhy: 0, copied: 0, agreeing: false };

export function context(did: string[] = []): Context {
  const note =
    (name: string) =>
    (...given: unknown[]) => {
      did.push([name, ...given].join(" "));
    };
  const names = [
    ...["type", "ask", "choose", "sendAgain", "takeBack", "agree", "askToErase", "keep", "erase"],
    ...["judge", "copy", "showNewest", "scroll"],
  ];
  const actions = Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as Actions;
  return { strings: STRINGS, configuration: CONFIGURATION, actions, canAct: true, ...IDLE };
}

export function lineWith(replies: Reply[], more: Partial<Line> = {}): Line {
  const line = {
    id: "a",
    text: "slaap",
    at: 0,
    state: "sent",
    number: 1,
    helped: null,
    fault: "",
    again: false,
  };
  return { ...line, replies, ...more } as Line;
}
