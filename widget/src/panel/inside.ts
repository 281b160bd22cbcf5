import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Conversation } from "../conversation/conversation";
import { consent, greeting } from "./beginning";
import type { Context } from "./context";
import { lineView } from "./line";
import { footer, header, newer, notice, question, receiptWords, sure } from "./panel";

/** What the page says of the panel. */
export interface Frame {
  /** Title and first words, "" for Kalm's own. */
  heading: string;
  greeting: string;
  /** Whether there is something new below what is read. */
  hasNewer: boolean;
  close: () => void;
}

/** All that an open panel shows. */
export function inside(conversation: Conversation, frame: Frame, context: Context): TemplateResult {
  const { lines, agreed, receipt } = conversation;
  const { strings, actions, canAct } = context;
  const last = lines.at(-1);
  const canErase = agreed || lines.some((line) => line.state !== "sent");
  return html`
    ${header(frame.heading, canErase, frame.close, context)}
    ${context.sureToErase ? sure(context) : nothing}
    <div class="log" role="log" aria-live="off" tabindex="0" aria-label=${strings.conversation}
      @scroll=${() => actions.scroll()}>
      ${receipt === null ? nothing : html`<div class="card">${receiptWords(receipt, strings)}</div>`}
      ${agreed ? greeting(frame.greeting, !last && canAct, context) : nothing}
      ${repeat(
        lines,
        (line) => line.id,
        (line) => lineView(line, line === last, context),
      )}
      ${agreed ? nothing : consent(context)}
      ${frame.hasNewer ? newer(context) : nothing}
    </div>
    ${notice(conversation, context)}
    ${canAct ? question(context) : nothing}
    ${footer(!agreed, context)}
  `;
}
