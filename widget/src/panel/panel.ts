import { html, nothing, type TemplateResult } from "lit";
import type { Conversation } from "../conversation/conversation";
import type { Strings } from "../strings";
import type { Context } from "./context";
import { ICONS } from "./icons";
import { filled, link, linked } from "./text";

/** More than Kalm reads, so that too long a text is told and not cut; far below what a server refuses unread. */
const MOST_TYPED = 4_000;
/** Part of the longest text from which its length is shown. */
const ALMOST = 0.9;

export function header(
  heading: string,
  canErase: boolean,
  close: () => void,
  { strings, actions }: Context,
): TemplateResult {
  return html`
    <div class="header">
      <div>
        <h2 id="heading" tabindex="-1">${heading || strings.heading}</h2>
        <p class="small">${strings.subheading}</p>
      </div>
      ${canErase ? html`<button type="button" class="quiet erase" @click=${() => actions.askToErase()}>${ICONS.erase} ${strings.erase}</button>` : nothing}
      <button type="button" class="quiet icon close" title=${strings.close} aria-label=${strings.close} @click=${close}>${ICONS.close}</button>
    </div>
  `;
}

/** Asked once more before it is erased. */
export function sure({ strings, actions }: Context): TemplateResult {
  return html`
    <div class="bar" role="group" aria-labelledby="sure">
      <p id="sure">${strings.erase_sure}</p>
      <p class="suggestions">
        <button type="button" class="keep" @click=${() => actions.keep()}>${strings.erase_no}</button>
        <button type="button" class="first" @click=${() => actions.erase()}>${strings.erase_yes}</button>
      </p>
    </div>
  `;
}

/** What the visitor should know beside the messages, in words; "" for nothing. */
export function noticeWords(conversation: Conversation, strings: Strings): string {
  const { notice, unreachable, agreed, erasing } = conversation;
  if (erasing) return strings.erasing;
  if (typeof notice === "object") return notice.words;
  if (notice) return strings[notice]; // before what may be seen for long: that erasing failed, for example
  if (!unreachable) return "";
  return agreed ? strings.unreachable : strings.unreachable_yet;
}

/** The same, on the panel; whoever is in need must not wait for a connection. */
export function notice(
  conversation: Conversation,
  { strings, configuration }: Context,
): TemplateResult | typeof nothing {
  const words = noticeWords(conversation, strings);
  if (!words) return nothing;
  const danger = configuration?.danger;
  const numbers = danger?.numbers ?? { "112": "tel:112", "113": "tel:113", "1813": "tel:1813" };
  return html`
    <div class="bar">
      <p>${words}</p>
      ${conversation.unreachable || typeof conversation.notice === "object" ? html`<p>${linked(danger?.message ?? strings.danger, numbers, strings)}</p>` : nothing}
    </div>
  `;
}

/** For who reads further up. */
export function newer({ strings, actions }: Context): TemplateResult {
  return html`<button type="button" class="newer" @click=${() => actions.showNewest()}>${strings.newer}</button>`;
}

export function receiptWords(receipt: string, strings: Strings): string {
  return receipt ? filled(strings.erased, { receipt }) : strings.erased_nothing;
}

export function question({ strings, configuration, draft, actions }: Context): TemplateResult {
  const limit = configuration?.longest_text ?? 1_000;
  const isTooLong = draft.length > limit;
  const count = draft.length > limit * ALMOST;
  const words = isTooLong
    ? filled(strings.too_long, { count: draft.length, limit })
    : `${draft.length} / ${limit}`;
  const submit = (event: Event) => {
    event.preventDefault();
    actions.ask();
  };
  const onKey = (event: KeyboardEvent) => {
    // While a word is composed, Enter chooses it.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  };
  return html`
    <form class="question" @submit=${submit}>
      <label for="question" class="unseen">${strings.label}</label>
      <textarea id="question" rows="1" maxlength=${MOST_TYPED} autocomplete="off" enterkeyhint="send" placeholder=${strings.label}
        aria-invalid=${isTooLong} aria-describedby=${count ? "count" : nothing} .value=${draft} @keydown=${onKey} @input=${(event: Event) => actions.type((event.target as HTMLTextAreaElement).value)}></textarea>
      <button type="submit" class="first icon" title=${strings.send} aria-label=${strings.send}>${ICONS.send}</button>
      ${count ? html`<p id="count" class="small count">${words}</p>` : nothing}
    </form>
  `;
}

/** @param isAsked Whether the question for consent stands above it, with the same link. */
export function footer(isAsked: boolean, { strings, configuration }: Context): TemplateResult {
  return html`
    <div class="footer"><p class="small">
      ${strings.disclaimer}
      ${configuration && !isAsked ? link(configuration.privacy_page, strings.privacy, strings) : nothing}
    </p></div>
  `;
}
