/** Pixels from the end within which the visitor counts as reading along. */
const NEAR = 120;

/**
 * Which part of the log is seen. A new answer is shown from its question on, for it is read from its first
 * line; who reads something further up stays there.
 */
export class Reading {
  private along = true;
  private showId = "";

  /** @param log Gives the element that scrolls, when it is there. */
  constructor(private readonly log: () => HTMLElement | null) {}

  /** Show a message at the next drawing. */
  show(id: string): void {
    this.showId = id;
  }

  beforeDrawing(): void {
    const log = this.log();
    if (log) this.along = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  }

  /** @param always Also when the visitor reads elsewhere: he just did something himself. */
  afterDrawing(always: boolean): void {
    const log = this.log();
    if (!log || !this.showId) return;
    const line = log.querySelector<HTMLElement>(`[data-id="${this.showId}"]`);
    this.showId = "";
    if (line && (always || this.along)) log.scrollTop = line.offsetTop - log.offsetTop;
  }
}
