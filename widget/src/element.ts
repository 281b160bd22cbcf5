import { html, LitElement, nothing, type TemplateResult } from "lit";
import { complainOfSilence, readServer, readStrings } from "./attributes";
import { Conversation } from "./conversation/conversation";
import type { MessageKept } from "./conversation/replies";
import { Focus } from "./focus";
import type { Context } from "./panel/context";
import { ICONS } from "./panel/icons";
import { type Frame, inside } from "./panel/inside";
import { noticeWords } from "./panel/panel";
import { Reading } from "./panel/reading";
import { Visit } from "./panel/visit";
import { Voice } from "./panel/voice";
import { hasOwnLayer, Room } from "./room";
import { STRINGS, type Strings } from "./strings";
import { styles } from "./styles";
import { tab } from "./tab";

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
  };

  declare server: string;
  declare position: string | undefined;
  declare scheme: string | undefined;
  declare heading: string;
  declare greeting: string;
  declare strings: Partial<Strings> | undefined;
  declare private open: boolean;
  declare private unread: boolean;

  private conversation: Conversation | null = null;
  private visit: Visit | null = null;
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

  constructor() {
    super();
    this.server = "";
    this.heading = "";
    this.greeting = "";
    this.open = false;
    this.unread = false;
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
    this.visit = new Visit(
      this.conversation,
      this.focused,
      this.reading,
      this.voice,
      () => this.words,
      () => this.requestUpdate(),
    );
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
    const newest = this.open ? this.conversation?.lines.filter((line) => line.number > 0).at(-1) : undefined;
    this.reading.beforeDrawing(newest);
  }

  protected override updated(): void {
    const panel = this.find<HTMLDialogElement>(".panel");
    if (this.open && panel) this.room.show(panel);
    else this.room.hide();
    if (this.reading.afterDrawing()) this.requestUpdate();
    this.focused.afterDrawing(this.open ? "#heading" : ".launcher");
    if (this.conversation && this.open)
      this.voice.standing("notice", noticeWords(this.conversation, this.words));
  }

  protected override render(): TemplateResult | typeof nothing {
    const { conversation, visit, words: strings } = this;
    if (!conversation || !visit) return nothing;
    return html`
      <div class="root" lang="nl">
        <button type="button" class="launcher" aria-haspopup="dialog" aria-expanded=${this.open} ?hidden=${this.open}
          aria-label=${this.unread ? strings.open_unread : strings.open} @click=${() => this.show(true)}>
          ${ICONS.chat}<span>${strings.open}</span>${this.unread ? html`<i class="unread"></i>` : nothing}
        </button>
        <div class="announcer unseen" aria-live="polite"></div>
        <dialog class="panel" aria-labelledby="heading" @cancel=${this.onCancel} @close=${this.onClose}>
          ${this.open ? inside(conversation, this.frame, this.context(conversation, visit)) : nothing}
          <div class="announcer unseen" aria-live="polite"></div>
        </dialog>
      </div>
    `;
  }

  private get frame(): Frame {
    const { heading, greeting, hide: close } = this;
    return { heading, greeting, hasNewer: this.reading.hasNewer, close };
  }

  private context({ configuration, agreed, erasing }: Conversation, actions: Visit): Context {
    return { ...actions.doing, strings: this.words, configuration, actions, canAct: agreed && !erasing };
  }

  private get words(): Strings {
    return { ...STRINGS, ...this.strings };
  }

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
      erased: () => this.visit?.type(""),
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
    this.reading.open();
    if (byVisitor) this.focused.goTo((this.conversation?.agreed && this.visit?.placeToGoOn) || "#heading");
    this.unread = false;
    this.open = true;
    void this.conversation?.refresh();
  }

  private readonly hide = (): void => {
    tab.rememberOpen(false);
    this.visit?.closed();
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
    if (this.visit?.doing.sureToErase) this.visit.keep();
    else this.hide();
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
