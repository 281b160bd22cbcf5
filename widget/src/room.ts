/** Where the panel takes the whole screen: a phone, or a page enlarged so far that little is left. */
const NARROW = "(max-width: 30rem), (max-height: 30rem)";
const OPEN = "kalm open";

/**
 * The place of the panel: a corner of a wide page, which stays usable beside it, or the whole of a small
 * screen, which is then all there is. The browser's own dialog knows how to be both.
 */
export class Room {
  private readonly narrow = matchMedia(NARROW);
  private panel: HTMLDialogElement | null = null;

  constructor() {
    this.narrow.addEventListener("change", this.change);
    window.visualViewport?.addEventListener("resize", this.fit);
    window.visualViewport?.addEventListener("scroll", this.fit);
  }

  get isNarrow(): boolean {
    return this.narrow.matches;
  }

  show(panel: HTMLDialogElement): void {
    this.panel = panel;
    if (panel.open) return;
    if (this.isNarrow) panel.showModal();
    else panel.show();
    this.fit();
  }

  hide(): void {
    this.panel?.close();
  }

  leave(): void {
    this.narrow.removeEventListener("change", this.change);
    window.visualViewport?.removeEventListener("resize", this.fit);
    window.visualViewport?.removeEventListener("scroll", this.fit);
  }

  /** A phone that is turned, a window that is made larger: the same panel in the other place. */
  private readonly change = (): void => {
    const panel = this.panel;
    if (!panel?.open) return;
    const focused = (panel.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    panel.close();
    this.show(panel);
    focused?.focus({ preventScroll: true });
  };

  /** The keyboard of a phone covers part of the page without changing its size; what is left is the room. */
  private readonly fit = (): void => {
    const view = window.visualViewport;
    if (!view || !this.panel) return;
    this.panel.style.setProperty("--room-height", `${view.height}px`);
    this.panel.style.setProperty("--room-top", `${view.offsetTop}px`);
  };
}

/** Keep for this tab that the panel is open, so that the next page shows it as well. */
export function rememberOpen(open: boolean): void {
  try {
    if (open) sessionStorage.setItem(OPEN, location.pathname);
    else sessionStorage.removeItem(OPEN);
  } catch {
    // Shut off: it then opens closed.
  }
}

/** Whether to show the panel at once; on a small screen it would hide a page that the visitor just went to. */
export function wasOpen(isNarrow: boolean): boolean {
  try {
    const page = sessionStorage.getItem(OPEN);
    return page !== null && (!isNarrow || page === location.pathname);
  } catch {
    return false;
  }
}
