import type { Conversation } from "../conversation/conversation";
import type { Focus } from "../focus";
import type { Strings } from "../strings";
import { tab } from "../tab";
import type { Actions, Doing } from "./context";
import { receiptWords } from "./panel";
import type { Reading } from "./reading";
import type { Voice } from "./voice";

/** Milliseconds that "copied" stays. */
const COPIED_STAYS = 2_000;

/** What the visitor does in the panel, and what is under way because of it. */
export class Visit implements Actions {
  doing: Doing = { draft: tab.draft, sureToErase: false, askingWhy: 0, copied: 0, agreeing: false };

  /**
   * @param strings Gives the words of the element.
   * @param draw Draws the panel anew.
   */
  constructor(
    private readonly conversation: Conversation,
    private readonly focused: Focus,
    private readonly reading: Reading,
    private readonly voice: Voice,
    private readonly strings: () => Strings,
    private readonly draw: () => void,
  ) {}

  /** What gets the focus after something was said; where a keyboard comes up, it would hide the answer. */
  get placeToGoOn(): string {
    return matchMedia("(pointer: coarse)").matches ? ".log" : "textarea";
  }

  type(text: string): void {
    tab.draft = text;
    const limit = this.conversation.configuration?.longest_text ?? Number.POSITIVE_INFINITY;
    this.voice.standing("length", text.length > limit ? this.strings().too_long_now : "");
    this.set({ draft: text });
  }

  ask(): void {
    const text = this.doing.draft.trim();
    if (!text) return;
    this.type("");
    this.send(text, false);
  }

  choose(text: string, byReply: boolean): void {
    this.focused.goTo(this.placeToGoOn); // the button that had it goes away
    this.send(text, byReply);
  }

  sendAgain(id: string): void {
    this.focused.goTo(".log");
    this.conversation.sendAgain(id);
  }

  takeBack(id: string): void {
    this.focused.goTo("textarea");
    this.type([this.conversation.takeBack(id), this.doing.draft].filter(Boolean).join("\n"));
  }

  async agree(): Promise<void> {
    if (this.doing.agreeing) return;
    this.set({ agreeing: true });
    await this.conversation.agree();
    this.set({ agreeing: false });
    // Whoever went on with the page meanwhile stays there.
    if (this.conversation.agreed && this.focused.isInside) this.focused.goTo(this.placeToGoOn);
  }

  askToErase(): void {
    this.focused.goTo(".keep");
    this.set({ sureToErase: true });
  }

  keep(): void {
    if (this.focused.isInside) this.focused.goTo(".erase");
    this.set({ sureToErase: false });
  }

  /** A closed panel asks nothing. */
  closed(): void {
    this.set({ sureToErase: false });
  }

  async erase(): Promise<void> {
    this.focused.goTo("#heading");
    this.set({ sureToErase: false });
    if (!(await this.conversation.erase())) return;
    this.type("");
    this.voice.say(receiptWords(this.conversation.receipt ?? "", this.strings()));
  }

  async judge(number: number, helped: boolean, reason?: string): Promise<void> {
    // The button that had the focus goes away once it arrived.
    if (reason !== undefined) this.focused.goTo(`[data-number="${number}"] [aria-pressed=true]`);
    if (!(await this.conversation.judge(number, helped, reason))) return;
    const asks = !helped && reason === undefined;
    if (!asks) this.voice.say(this.strings().thanks);
    this.set({ askingWhy: asks ? number : 0 });
  }

  async copy(text: string, number: number): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      this.voice.say(this.strings().not_copied);
      return;
    }
    this.voice.say(this.strings().copied);
    this.set({ copied: number });
    setTimeout(() => this.set({ copied: 0 }), COPIED_STAYS);
  }

  showNewest(): void {
    this.reading.show(this.conversation.lines.at(-1)?.id ?? "", true);
    this.focused.goTo(".log"); // the button that had it goes away
  }

  scroll(): void {
    if (!this.reading.moved()) return;
    if (this.focused.isOn(".newer")) this.focused.goTo(".log");
    this.draw();
  }

  private send(text: string, byReply: boolean): void {
    this.conversation.send(text, byReply);
    this.reading.show(this.conversation.lines.at(-1)?.id ?? "", true);
  }

  private set(change: Partial<Doing>): void {
    this.doing = { ...this.doing, ...change };
    this.draw();
  }
}
