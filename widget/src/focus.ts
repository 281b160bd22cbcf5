/** Moves the focus where the visitor's own act leads, and never lets it fall out of the panel. */
export class Focus {
  private next = "";
  private wasInside = false;

  /** @param root Of the element; null while nothing is drawn. */
  constructor(private readonly root: () => ShadowRoot | null) {}

  /** Whether something of the element has it. */
  get isInside(): boolean {
    return this.root()?.activeElement != null;
  }

  /** After the next drawing it goes to the first that fits. */
  goTo(selector: string): void {
    this.next = selector;
  }

  beforeDrawing(): void {
    this.wasInside = this.isInside;
  }

  /** @param otherwise Where it goes when what had it is no longer there; "" for nowhere. */
  afterDrawing(otherwise: string): void {
    const lost = this.wasInside && !this.isInside;
    const selector = this.next || (lost ? otherwise : "");
    this.next = "";
    if (selector) this.root()?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }
}
