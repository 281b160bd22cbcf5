import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { complainOfSilence, readServer, readStrings } from "./attributes";
import { Conversation } from "./conversation/conversation";
import type { MessageKept } from "./conversation/replies";
import { Focus } from "./focus";
import { consent, greeting } from "./panel/beginning";
import type { Actions, Context } from "./panel/context";
import { ICONS } from "./panel/icons";
import { lineView } from "./panel/line";
import { footer, header, newer, notice, noticeWords, question, receiptWords, sure } from "./panel/panel";
import { Reading } from "./panel/reading";
import { Voice } from "./panel/voice";
import { hasOwnLayer, Room } from "./room";
import { STRINGS, type Strings } from "./strings";
import { styles } from "./styles";
import { tab } from "./tab";

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
    strings: { converter: readStrings },
    open: { state: true },
    unread: { state: true },
    sureToErase: { state: true },
    draft: { state: true },
    askingWhy: { state: true },
    copied: { state: true },
    agreeing: { state: true },
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
  /** Whether the visitor agreed and the server did not answer yet. */
  declare private agreeing: boolean;

  private conversation: Conversation | null = null;
  private room!: Room;
  private readonly focused = new Focus(
    () => this.shadowRoot,
    () => this.requestUpdate(),
  );
  private readonly reading = new Reading(() => this.find(".log"));
  private readonly voice = new Voice(
    () => this.find(this.open ? ".panel .announcer" : ".root > .announcer"),
    () => this.words,
  );
  /** Whether the visitor himself made the next drawing necessary. */
  private didSomething = false;
  /** Number of the newest message that was shown, 0 for none. */
  private newest = 0;
  /** Whether nothing was shown yet since the panel was opened. */
  private justOpened = false;

  constructor() {
    super();
    this.server = "";
    this.heading = "";
    this.greeting = "";
    this.open = false;
    this.unread = false;
    this.sureToErase = false;
    this.draft = tab.draft;
    this.askingWhy = 0;
    this.copied = 0;
    this.agreeing = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.room = new Room(this.hide);
    window.addEventListener("online", this.refresh);
    window.addEventListener("offline", this.lose);
    window.addEventListener("pageshow", this.onReturn);
    document.addEventListener("visibilitychange", this.refresh);
    document.addEventListener("keydown", this.onKey);
    this.conversation = this.converse();
    if (tab.wasOpen(this.room.isNarrow)) this.show(false);
    else this.refresh();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("online", this.refresh);
    window.removeEventListener("offline", this.lose);
    window.removeEventListener("pageshow", this.onReturn);
    document.removeEventListener("visibilitychange", this.refresh);
    document.removeEventListener("keydown", this.onKey);
    this.room.leave();
    this.conversation?.close();
  }

  protected override willUpdate(): void {
    this.focused.beforeDrawing();
    this.reading.beforeDrawing();
    const newest = this.conversation?.lines.filter((line) => line.number > 0).at(-1);
    if (this.open && newest && newest.number > this.newest) {
      this.reading.show(newest.id);
      this.didSomething ||= this.justOpened;
      this.justOpened = false;
    }
    this.newest = this.open && newest ? newest.number : 0;
  }

  protected override updated(): void {
    const panel = this.find<HTMLDialogElement>(".panel");
    if (this.open && panel) this.room.show(panel);
    else this.room.hide();
    if (this.reading.afterDrawing(this.didSomething)) this.requestUpdate();
    this.didSomething = false;
    this.focused.afterDrawing(this.open ? "#heading" : ".launcher");
    if (this.conversation && this.open)
      this.voice.standing("notice", noticeWords(this.conversation, this.words));
  }

  protected override render(): TemplateResult | typeof nothing {
    const conversation = this.conversation;
    if (!conversation) return nothing;
    const strings = this.words;
    return html`
      <div class="root" lang="nl">
        <button type="button" class="launcher" aria-haspopup="dialog" aria-expanded=${this.open} ?hidden=${this.open}
          aria-label=${this.unread ? strings.open_unread : strings.open} @click=${() => this.show(true)}>
          ${ICONS.chat}<span>${strings.open}</span>${this.unread ? html`<i class="unread"></i>` : nothing}
        </button>
        <div class="announcer unseen" aria-live="polite"></div>
        <dialog class="panel" aria-labelledby="heading" @cancel=${this.onCancel} @close=${this.onClose}>
          ${this.open ? this.inside(conversation, this.context(conversation)) : nothing}
          <div class="announcer unseen" aria-live="polite"></div>
        </dialog>
      </div>
    `;
  }

  private inside(conversation: Conversation, context: Context): TemplateResult {
    const { lines, agreed, receipt } = conversation;
    const last = lines.at(-1);
    return html`
      ${header(this.heading, agreed || lines.some((line) => line.state !== "sent"), this.askToErase, this.hide, context)}
      ${this.sureToErase ? sure(this.erase, this.keep, context) : nothing}
      <div class="log" role="log" aria-live="off" tabindex="0" aria-label=${context.strings.conversation}
        @scroll=${this.onScroll}>
        ${receipt === null ? nothing : html`<div class="card">${receiptWords(receipt, context.strings)}</div>`}
        ${agreed ? greeting(this.greeting, !last && context.canAct, context) : nothing}
        ${repeat(
          lines,
          (line) => line.id,
          (line) => lineView(line, line === last, context),
        )}
        ${agreed ? nothing : consent(this.agree, this.agreeing, context)}
        ${this.reading.hasNewer ? newer(this.showNewest, context) : nothing}
      </div>
      ${notice(conversation, context)}
      ${context.canAct ? question(this.draft, this.type, this.ask, context) : nothing}
      ${footer(!agreed, context)}
    `;
  }

  private context({ configuration, agreed, erasing }: Conversation): Context {
    const { words: strings, actions, askingWhy, copied } = this;
    return { strings, configuration, actions, askingWhy, copied, canAct: agreed && !erasing };
  }

  private get words(): Strings {
    return { ...STRINGS, ...this.strings };
  }

  /** What gets the focus after something was said; where a keyboard comes up, it would hide the answer. */
  private get placeToGoOn(): string {
    return matchMedia("(pointer: coarse)").matches ? ".log" : "textarea";
  }

  private readonly actions: Actions = {
    send: (text, chosen) => {
      this.focused.goTo(this.placeToGoOn); // the button that had it goes away
      this.send(text, chosen);
    },
    sendAgain: (id) => {
      this.focused.goTo(".log");
      this.conversation?.sendAgain(id);
    },
    takeBack: (id) => {
      this.focused.goTo("textarea");
      this.type([this.conversation?.takeBack(id), this.draft].filter(Boolean).join("\n"));
    },
    copy: (text, number) => void this.copy(text, number),
    judge: (number, helped, reason) => void this.judge(number, helped, reason),
  };

  private converse(): Conversation {
    const origin = readServer(this.server);
    return new Conversation(origin, {
      changed: () => this.requestUpdate(),
      stale: () => {
        if (this.isLookedAt) void this.conversation?.refresh();
      },
      answered: (message) => this.onAnswer(message),
      unheard: () => complainOfSilence(origin),
      due: () => this.refresh(),
      erased: () => this.type(""),
      failed: (line) => {
        this.unread = !this.open;
        this.reading.show(line.id);
        this.voice.failure(line, this.open);
      },
    });
  }

  private onAnswer(message: MessageKept): void {
    this.unread = !this.open;
    this.reading.show(message.id);
    this.voice.answer(message, this.open);
  }

  private show(byVisitor: boolean): void {
    tab.rememberOpen(true);
    this.justOpened = true;
    if (byVisitor) this.focused.goTo(this.conversation?.agreed ? this.placeToGoOn : "#heading");
    this.unread = false;
    this.open = true;
    void this.conversation?.refresh();
  }

  private readonly hide = (): void => {
    tab.rememberOpen(false);
    this.sureToErase = false;
    this.open = false;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || !this.open) return;
    const isOurs = this.focused.isInside || this.room.isNarrow;
    if (!isOurs && hasOwnLayer()) return;
    if (isOurs) event.preventDefault(); // the browser would close the dialog as well
    this.leave();
  };

  private readonly onCancel = (event: Event): void => {
    event.preventDefault(); // the browser would close it without us
    this.leave();
  };

  /** A phone's own way back may close it without asking. */
  private readonly onClose = (event: Event): void => {
    if (!this.open || (event.target as HTMLDialogElement).open) return;
    this.focused.goTo(".launcher");
    this.hide();
  };

  private leave(): void {
    if (this.sureToErase) this.keep();
    else this.hide();
  }

  private readonly type = (text: string): void => {
    this.draft = text;
    tab.draft = text;
    const limit = this.conversation?.configuration?.longest_text ?? Number.POSITIVE_INFINITY;
    this.voice.standing("length", text.length > limit ? this.words.too_long_now : "");
  };

  private readonly ask = (): void => {
    const text = this.draft.trim();
    if (!text) return;
    this.type("");
    this.send(text, false);
  };

  private send(text: string, chosen: boolean): void {
    this.didSomething = true;
    this.conversation?.send(text, chosen);
    this.reading.show(this.conversation?.lines.at(-1)?.id ?? "");
  }

  private readonly agree = async (): Promise<void> => {
    if (this.agreeing) return;
    this.agreeing = true;
    await this.conversation?.agree();
    this.agreeing = false;
    // Whoever went on with the page meanwhile stays there.
    if (this.conversation?.agreed && this.focused.isInside) this.focused.goTo(this.placeToGoOn);
  };

  private readonly onScroll = (): void => {
    if (!this.reading.moved()) return;
    if (this.focused.isOn(".newer")) this.focused.goTo(".log");
    this.requestUpdate();
  };

  private readonly showNewest = (): void => {
    this.reading.show(this.conversation?.lines.at(-1)?.id ?? "");
    this.focused.goTo(".log"); // the button that had it goes away
    this.didSomething = true;
    this.requestUpdate();
  };

  private readonly askToErase = (): void => {
    this.focused.goTo(".keep");
    this.sureToErase = true;
  };

  private readonly keep = (): void => {
    if (this.focused.isInside) this.focused.goTo(".erase");
    this.sureToErase = false;
  };

  private readonly erase = async (): Promise<void> => {
    this.focused.goTo("#heading");
    this.sureToErase = false;
    if (!(await this.conversation?.erase())) return;
    this.type("");
    this.voice.say(receiptWords(this.conversation?.receipt ?? "", this.words));
  };

  private async judge(number: number, helped: boolean, reason?: string): Promise<void> {
    // The button that had the focus goes away once it arrived.
    if (reason !== undefined) this.focused.goTo(`[data-number="${number}"] [aria-pressed=true]`);
    if (!(await this.conversation?.judge(number, helped, reason))) return;
    const asks = !helped && reason === undefined;
    if (!asks) this.voice.say(this.words.thanks);
    this.askingWhy = asks ? number : 0;
  }

  private async copy(text: string, number: number): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      this.voice.say(this.words.not_copied);
      return;
    }
    this.voice.say(this.words.copied);
    this.copied = number;
    setTimeout(() => {
      this.copied = 0;
    }, COPIED_STAYS);
  }

  /** What other tabs did is read when somebody looks: a visitor has one limit for all tabs. */
  private get isLookedAt(): boolean {
    return this.open && !document.hidden;
  }

  /** What waits is sent also while nobody looks. */
  private readonly refresh = (): void => {
    if (this.isLookedAt || this.conversation?.hasWaiting) void this.conversation?.refresh();
  };

  /** Back from the browser's own memory of pages; every other page reads by itself. */
  private readonly onReturn = (event: PageTransitionEvent): void => {
    if (event.persisted) this.refresh();
  };

  private readonly lose = (): void => {
    if (this.open) this.conversation?.lose();
  };

  private find<Part extends HTMLElement = HTMLElement>(selector: string): Part | null {
    return this.renderRoot.querySelector<Part>(selector);
  }
}
