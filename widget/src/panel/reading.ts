/** Pixels from the end within which the visitor counts as reading along. */
const NEAR = 120;

/**
 * Which part of the log is seen. A new answer is shown from its question on, for it is read from its first
 * line; who reads something further up stays there.
 */
export class Reading {
  private along = true;
  private showId = "";

  /** @param log Gives the element with the messages, when it is there. */
  constructor(private readonly log: () => HTMLElement | null) {}

  /** Show a message at the next drawing. */
  show(id: string): void {
    this.showId = id;
  }

  beforeDrawing(): void {
    const scroller = this.scroller();
    if (scroller) this.along = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
  }

  /** @param always Also when the visitor reads elsewhere: he just did something himself. */
  afterDrawing(always: boolean): void {
    const scroller = this.scroller();
    if (!scroller || !this.showId) return;
    const line = scroller.querySelector<HTMLElement>(`[data-id="${CSS.escape(this.showId)}"]`);
    this.showId = "";
    if (!line || !(always || this.along)) return;
    scroller.scrollTop += line.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  }

  /** Where there is little room, the whole panel scrolls. */
  private scroller(): HTMLElement | null {
    const log = this.log();
    return log && getComputedStyle(log).overflowY === "visible" ? log.parentElement : log;
  }
}
