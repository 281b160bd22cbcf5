import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Conversation } from "./conversation/conversation";
import type { Line } from "./conversation/lines";
import type { MessageKept } from "./conversation/replies";
import { Announcer } from "./panel/announcer";
import { consent, greeting } from "./panel/beginning";
import type { Actions, Context } from "./panel/context";
import { ICONS } from "./panel/icons";
import { lineView } from "./panel/line";
import { footer, header, notice, noticeWords, question, receiptWords, sure } from "./panel/panel";
import { Reading } from "./panel/reading";
import { suggestions } from "./panel/reply";
import { plain } from "./panel/text";
import { Room, rememberOpen, wasOpen } from "./room";
import { STRINGS, type Strings } from "./strings";
import { styles } from "./styles";

/** Milliseconds that "copied" stays. */
const COPIED_STAYS = 2_000;

/**
 * `<kalm-chat server="https://kalm.winkel.example">`: a button in the corner of a page, and behind it the chat.
 *
 * Attributes: `server`, `position` (right or left), `scheme` (light, or else the visitor's own), `heading`,
 * `greeting`, and `strings`: JSON with any of src/strings.ts. Colours and places are custom properties.
 */
export class KalmChat extends LitElement {
  static override styles = styles;
  static override properties = {
    server: {},
    position: { reflect: true },
    scheme: { reflect: true },
    heading: {},
    greeting: {},
    strings: { type: Object },
    open: { state: true },
    unread: { state: true },
    sureToErase: { state: true },
    draft: { state: true },
    askingWhy: { state: true },
    copied: { state: true },
  };

  declare server: string;
  declare position: string | undefined;
  declare scheme: string | undefined;
  declare heading: string;
  declare greeting: string;
  declare strings: Partial<Strings> | undefined;
  declare private open: boolean;
  declare private unread: boolean;
  declare private sureToErase: boolean;
  declare private draft: string;
  /** Number of the answer of which is asked what was wrong, 0 for none. */
  declare private askingWhy: number;
  /** Number of the answer that was copied just now, 0 for none. */
  declare private copied: number;

  private conversation: Conversation | null = null;
  private room!: Room;
  private readonly announcer = new Announcer(() => this.find(".announcer"));
  private readonly reading = new Reading(() => this.find(".log"));
  /** The notice that was read aloud last. */
  private told = "";
  /** Whether the visitor himself made the next drawing necessary. */
  private didSomething = false;
  /** What gets the focus after the next drawing, "" for nothing: only the visitor moves it. */
  private focusNext = "";

  constructor() {
    super();
    this.server = "";
    this.heading = "";
    this.greeting = "";
    this.open = false;
    this.unread = false;
    this.sureToErase = false;
    this.draft = "";
    this.askingWhy = 0;
    this.copied = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.room = new Room();
    window.addEventListener("online", this.refresh);
    window.addEventListener("offline", this.lose);
    window.addEventListener("pageshow", this.refresh);
    document.addEventListener("visibilitychange", this.refresh);
    this.conversation = this.converse();
    if (wasOpen(this.room.isNarrow)) this.show(false);
    else if (this.conversation.hasWaiting) void this.conversation.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("online", this.refresh);
    window.removeEventListener("offline", this.lose);
    window.removeEventListener("pageshow", this.refresh);
    document.removeEventListener("visibilitychange", this.refresh);
    this.room.leave();
    this.conversation?.close();
  }

  protected override willUpdate(): void {
    this.reading.beforeDrawing();
  }

  protected override updated(): void {
    const panel = this.find<HTMLDialogElement>(".panel");
    if (this.open && panel) this.room.show(panel);
    else this.room.hide();
    this.reading.afterDrawing(this.didSomething);
    this.didSomething = false;
    if (this.focusNext) this.find(this.focusNext)?.focus({ preventScroll: true });
    this.focusNext = "";
    this.tellNotice();
  }

  protected override render(): TemplateResult | typeof nothing {
    const conversation = this.conversation;
    if (!conversation) return nothing;
    const context = this.context(conversation);
    const { strings } = context;
    return html`
      <div class="root" lang="nl">
        <button type="button" class="launcher" aria-haspopup="dialog" aria-expanded=${this.open} ?hidden=${this.open}
          aria-label=${this.unread ? strings.open_unread : strings.open} @click=${() => this.show(true)}>
          ${ICONS.chat}<span>${strings.open}</span>${this.unread ? html`<i class="unread"></i>` : nothing}
        </button>
        <dialog class="panel" aria-labelledby="heading" @keydown=${this.onKey} @cancel=${this.onCancel} @close=${this.onClose}>
          ${this.open ? this.inside(conversation, context) : nothing}
          <div class="announcer unseen" aria-live="polite"></div>
        </dialog>
      </div>
    `;
  }

  private inside(conversation: Conversation, context: Context): TemplateResult {
    const { strings } = context;
    const lines = conversation.lines;
    const agreed = conversation.agreed;
    const last = lines.at(-1);
    const typed = (text: string) => {
      this.draft = text;
    };
    return html`
      ${header(this.heading, agreed || lines.length > 0, this.askToErase, this.hide, context)}
      ${this.sureToErase ? sure(this.erase, this.keep, context) : nothing}
      <div class="log" role="log" aria-live="off" tabindex="0" aria-label=${strings.conversation}>
        ${conversation.receipt === null ? nothing : html`<div class="card">${receiptWords(conversation.receipt, strings)}</div>`}
        ${agreed ? greeting(this.greeting, !last, context) : nothing}
        ${repeat(
          lines,
          (line) => line.id,
          (line) => lineView(line, context),
        )}
        ${agreed && last?.state === "sent" ? suggestions(last.replies.at(-1)?.suggestions, context) : nothing}
        ${agreed ? nothing : consent(this.agree, context)}
      </div>
      ${notice(conversation, context)}
      ${agreed ? question(this.draft, typed, this.ask, context) : nothing}
      ${footer(!agreed, context)}
    `;
  }

  private context({ configuration }: Conversation): Context {
    const strings = { ...STRINGS, ...this.strings };
    return { strings, configuration, actions: this.actions, askingWhy: this.askingWhy, copied: this.copied };
  }

  private readonly actions: Actions = {
    send: (text, chosen) => {
      // The button that had the focus goes away. On a phone the keyboard would hide the answer.
      this.focusNext = this.room.isNarrow ? ".log" : "textarea";
      this.send(text, chosen);
    },
    sendAgain: (id) => {
      this.focusNext = ".log";
      this.conversation?.sendAgain(id);
    },
    takeBack: (id) => {
      this.focusNext = "textarea";
      this.draft = this.conversation?.takeBack(id) ?? "";
    },
    copy: (text, number) => void this.copy(text, number),
    judge: (number, helped, reason) => {
      void this.conversation?.judge(number, helped, reason);
      const asks = !helped && reason === undefined;
      if (!asks && this.askingWhy) this.announcer.say(this.words.thanks);
      if (reason !== undefined) this.focusNext = ".log"; // the button that had the focus goes away
      this.askingWhy = asks ? number : 0;
    },
  };

  private get words(): Strings {
    return { ...STRINGS, ...this.strings };
  }

  private converse(): Conversation {
    const origin = new URL(this.server || "/", document.baseURI).href;
    return new Conversation(origin, {
      changed: () => this.requestUpdate(),
      answered: (message) => this.onAnswer(message),
      failed: (line) => this.onFailure(line),
    });
  }

  private onAnswer({ id, replies }: MessageKept): void {
    this.unread = !this.open;
    this.reading.show(id);
    for (const reply of replies) this.announcer.say(plain(reply, this.words));
  }

  private onFailure({ id, replies, fault }: Line): void {
    this.reading.show(id);
    this.announcer.say(fault);
    for (const reply of replies) this.announcer.say(plain(reply, this.words));
  }

  private tellNotice(): void {
    if (!this.conversation || !this.open) return;
    const words = noticeWords(this.conversation, this.words);
    if (words !== this.told) this.announcer.say(words);
    this.told = words;
  }

  private show(byVisitor: boolean): void {
    const last = this.conversation?.lines.at(-1);
    if (last) this.reading.show(last.id);
    rememberOpen(true);
    const place = this.conversation?.agreed && !this.room.isNarrow ? "textarea" : "#heading";
    this.didSomething = true;
    if (byVisitor) this.focusNext = place;
    this.unread = false;
    this.open = true;
    void this.conversation?.refresh();
  }

  private readonly hide = (): void => {
    rememberOpen(false);
    this.focusNext = ".launcher";
    this.sureToErase = false;
    this.open = false;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.leave();
  };

  private readonly onCancel = (event: Event): void => {
    event.preventDefault(); // the browser would close it without us
    this.leave();
  };

  /** A phone's own way back may close it without asking. */
  private readonly onClose = (event: Event): void => {
    if (this.open && !(event.target as HTMLDialogElement).open) this.hide();
  };

  private leave(): void {
    if (this.sureToErase) this.keep();
    else if (this.open) this.hide();
  }

  private readonly ask = (): void => {
    const text = this.draft.trim();
    if (!text) return;
    this.draft = "";
    this.send(text, false);
  };

  private send(text: string, chosen: boolean): void {
    this.didSomething = true;
    this.conversation?.send(text, chosen);
    this.reading.show(this.conversation?.lines.at(-1)?.id ?? "");
  }

  private readonly agree = async (): Promise<void> => {
    await this.conversation?.agree();
    if (!this.conversation?.agreed) return;
    this.focusNext = this.room.isNarrow ? ".log" : "textarea";
    this.requestUpdate();
  };

  private readonly askToErase = (): void => {
    this.focusNext = ".keep";
    this.sureToErase = true;
  };

  private readonly keep = (): void => {
    this.focusNext = ".erase";
    this.sureToErase = false;
  };

  private readonly erase = async (): Promise<void> => {
    this.focusNext = "#heading";
    this.sureToErase = false;
    this.draft = "";
    await this.conversation?.erase();
    const receipt = this.conversation?.receipt;
    if (typeof receipt === "string") this.announcer.say(receiptWords(receipt, this.words));
  };

  private async copy(text: string, number: number): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      this.announcer.say(this.words.not_copied);
      return;
    }
    this.announcer.say(this.words.copied);
    this.copied = number;
    setTimeout(() => {
      this.copied = 0;
    }, COPIED_STAYS);
  }

  private readonly refresh = (): void => {
    if (document.hidden || !this.conversation) return;
    if (this.open || this.conversation.hasWaiting) void this.conversation.refresh();
  };

  private readonly lose = (): void => this.conversation?.lose();

  private find<Part extends HTMLElement = HTMLElement>(selector: string): Part | null {
    return this.renderRoot.querySelector<Part>(selector);
  }
}
