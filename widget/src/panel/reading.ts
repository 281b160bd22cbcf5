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

  /** @param log Gives the element with the messages, when it is there. */
  constructor(private readonly log: () => HTMLElement | null) {}

  /** Show a message at the next drawing. */
  show(id: string): void {
    this.showId = id;
  }

  beforeDrawing(): void {
    this.along = this.isAtEnd() || this.scroller()?.scrollTop === this.placed;
  }

  /**
   * @param always Also when the visitor reads elsewhere: he just did something himself.
   * @returns Whether `hasNewer` changed.
   */
  afterDrawing(always: boolean): boolean {
    const scroller = this.scroller();
    if (!scroller) return false;
    const before = this.hasNewer;
    if (!scroller.querySelector("[data-id]")) this.hasNewer = false; // all of it was erased
    if (!this.showId) return this.hasNewer !== before;
    const line = scroller.querySelector<HTMLElement>(`[data-id="${CSS.escape(this.showId)}"]`);
    this.showId = "";
    if (!line) return false;
    this.hasNewer = !always && !this.along;
    if (!this.hasNewer) {
      scroller.scrollTop += beginOf(line, scroller) - scroller.getBoundingClientRect().top;
      this.placed = scroller.scrollTop;
    }
    return this.hasNewer !== before;
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
