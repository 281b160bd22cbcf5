import { attempt } from "./attempt";

/** Where the panel takes the whole screen: a phone, or a page enlarged so far that little is left. */
const NARROW = "(max-width: 30rem), (max-height: 30rem)";

/**
 * The place of the panel: a corner of a wide page, which stays usable beside it, or the whole of a small
 * screen, which is then all there is. The browser's own dialog knows how to be both.
 */
export class Room {
  private readonly narrow = matchMedia(NARROW);
  private panel: HTMLDialogElement | null = null;

  /** @param taken Called when the panel would take the screen from what the visitor is busy with on the page. */
  constructor(private readonly taken: () => void) {
    this.narrow.addEventListener("change", this.change);
    window.visualViewport?.addEventListener("resize", this.fit);
    window.visualViewport?.addEventListener("scroll", this.fit);
  }

  get isNarrow(): boolean {
    return this.narrow.matches;
  }

  show(panel: HTMLDialogElement): void {
    // Moved to another place of the page it is open still, and no longer above all else.
    if (this.panel !== panel) panel.open = false;
    this.panel = panel;
    if (panel.open) return;
    if (this.isNarrow) panel.showModal();
    else panel.open = true; // show() would take the focus
    this.fit();
  }

  hide(): void {
    if (this.panel?.open) this.panel.close();
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
    const isElsewhere =
      !focused && document.activeElement !== null && document.activeElement !== document.body;
    if (this.isNarrow && isElsewhere) {
      this.taken();
      return;
    }
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

/** Whether the page itself shows something above all else, which Escape is for. */
export function hasOwnLayer(): boolean {
  // A browser that does not know such a thing refuses its name.
  return [":modal", ":popover-open"].some(
    (layer) => attempt(() => document.querySelector(layer), null) !== null,
  );
}
