/** Moves the focus where the visitor's own act leads, and never lets it fall out of the panel. */
export class Focus {
  private next = "";
  private wasInside = false;

  /**
   * @param root Of the element; null while nothing is drawn.
   * @param draw Draws it anew.
   */
  constructor(
    private readonly root: () => ShadowRoot | null,
    private readonly draw: () => void,
  ) {}

  /** Whether something of the element has it. */
  get isInside(): boolean {
    return this.root()?.activeElement != null;
  }

  /** Whether what fits has it. */
  isOn(selector: string): boolean {
    return this.root()?.activeElement?.matches(selector) ?? false;
  }

  /** After the next drawing it goes to the first that fits. */
  goTo(selector: string): void {
    this.next = selector;
    this.draw();
  }

  beforeDrawing(): void {
    this.wasInside = this.isInside;
  }

  /** @param otherwise Where it goes when what had it is no longer there. */
  afterDrawing(otherwise: string): void {
    if (this.next) this.give(this.next);
    this.next = "";
    if (this.wasInside && !this.isInside) this.give(otherwise);
  }

  private give(selector: string): void {
    this.root()?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
  }
}
