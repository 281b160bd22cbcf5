/** Milliseconds that a text stays; TalkBack misses what is gone within 100 (botframework-webchat, ACCESSIBILITY.md). */
const STAYS = 1_000;

/**
 * Says things to who uses a screen reader: a live region apart from the log, for a log that is drawn anew
 * would be read anew. What was said is taken out, so that nobody finds it again with the arrow keys.
 */
export class Announcer {
  /** @param region Gives the element with `aria-live`, when it is there. */
  constructor(private readonly region: () => Element | null) {}

  say(text: string): void {
    const region = this.region();
    if (!region || !text) return;
    const item = document.createElement("p");
    item.textContent = text;
    region.append(item);
    setTimeout(() => item.remove(), STAYS);
  }
}
