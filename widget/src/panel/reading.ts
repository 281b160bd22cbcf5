/** Pixels from the end within which the visitor counts as reading along. */
const NEAR = 120;

/**
 * Which part of the log is seen. A new answer is shown from its question on, for it is read from its first
 * line; who reads something further up stays there, and is told.
 */
export class Reading {
  /** Whether there is something new further down. */
  hasNewer = false;

  private along = true;
  /** Where the log was put last; as long as the visitor leaves it there, he reads along. */
  private placed = -1;
  private showId = "";
  private always = false;
  /** Number of the newest message that was shown, 0 for none. */
  private newest = 0;
  private justOpened = false;

  /** @param log Gives the element with the messages, when it is there. */
  constructor(private readonly log: () => HTMLElement | null) {}

  /** The panel was opened: what was said last is shown, wherever the log was. */
  open(): void {
    this.justOpened = true;
  }

  /**
   * Show a message at the next drawing.
   *
   * @param always Also when the visitor reads elsewhere: he just did something himself.
   */
  show(id: string, always = false): void {
    this.showId = id;
    this.always ||= always;
  }

  /** @param newest The newest message that has an answer; nothing while the panel is closed. */
  beforeDrawing(newest?: { id: string; number: number }): void {
    this.along = this.isAtEnd() || this.scroller()?.scrollTop === this.placed;
    if (newest && newest.number > this.newest) {
      this.show(newest.id, this.justOpened);
      this.justOpened = false;
    }
    this.newest = newest?.number ?? 0;
  }

  /** @returns Whether `hasNewer` changed. */
  afterDrawing(): boolean {
    const scroller = this.scroller();
    if (!scroller) return false;
    const before = this.hasNewer;
    if (!scroller.querySelector("[data-id]")) this.hasNewer = false; // all of it was erased
    if (this.showId) this.place(scroller);
    return this.hasNewer !== before;
  }

  private place(scroller: HTMLElement): void {
    const line = scroller.querySelector<HTMLElement>(`[data-id="${CSS.escape(this.showId)}"]`);
    const mayMove = this.always || this.along;
    this.showId = "";
    this.always = false;
    if (!line) return;
    this.hasNewer = !mayMove;
    if (!mayMove) return;
    scroller.scrollTop += beginOf(line, scroller) - scroller.getBoundingClientRect().top;
    this.placed = scroller.scrollTop;
  }

  /** The visitor moved the log himself; gives whether he came to what is new. */
  moved(): boolean {
    const came = this.hasNewer && this.isAtEnd();
    if (came) this.hasNewer = false;
    return came;
  }

  private isAtEnd(): boolean {
    const scroller = this.scroller();
    return !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
  }

  /** Where there is little room, the whole panel scrolls. */
  private scroller(): HTMLElement | null {
    const log = this.log();
    return log && getComputedStyle(log).overflowY === "visible" ? log.parentElement : log;
  }
}

/** Where a message is read from: its question, or the answer where the question would fill the screen. */
function beginOf(line: HTMLElement, scroller: HTMLElement): number {
  const answer = line.querySelector(".kalm");
  const begin = line.getBoundingClientRect().top;
  const reply = answer?.getBoundingClientRect().top ?? begin;
  return reply - begin > scroller.clientHeight / 2 ? reply : begin;
}
