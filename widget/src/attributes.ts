import type { Strings } from "./strings";

/** What tells the shop's engineer, in the browser's console, what a visitor cannot mend. */
const COMPLAINT = "Kalm's chat:";

/** Where the bot server is; without an address, the page's own host. */
export function readServer(address: string): string {
  if (address && !/^(https?:\/\/|\/)/.test(address)) {
    console.error(`${COMPLAINT} server "${address}" is no address; begin it with https://`);
  }
  return new URL(address || "/", document.baseURI).href;
}

/** Other words for some of the element's own. */
export function readStrings(value: string | null): Partial<Strings> | null {
  try {
    return JSON.parse(value ?? "null") as Partial<Strings> | null;
  } catch {
    console.error(`${COMPLAINT} strings is no JSON, so the words stay as they were; write {"open": "..."}`);
    return null;
  }
}

/** A browser does not tell a page why it got no answer; most often the server does not know the page. */
export function complainOfSilence(server: string): void {
  console.error(
    `${COMPLAINT} no answer from ${server}. Does the bot server run there, and is ${location.origin} in its KALM_ALLOWED_ORIGINS? ` +
      "See docs/chat_element.md.",
  );
}
