import { html, nothing, type TemplateResult } from "lit";
import type { Line } from "../conversation/lines";
import type { Context } from "./context";
import { reply } from "./reply";
import { moment } from "./text";

/**
 * A message of the visitor, how it fares, and what Kalm said to it.
 *
 * @param isLast Whether it is the last one: what one may ask next can be pressed there, and is text elsewhere.
 */
export function lineView(line: Line, isLast: boolean, context: Context): TemplateResult {
  const { strings } = context;
  const canPress = isLast && line.state === "sent" && context.canAct;
  return html`
    <div class="line" data-id=${line.id} data-number=${line.number}>
      <div class="bubble visitor"><span class="unseen">${strings.you}: </span>${line.text}</div>
      <p class="state">${moment(line.at)} · ${strings[line.state]}</p>
      ${line.state === "sending" ? typing(context) : nothing}
      ${line.replies.map((said) => reply(said, line, canPress, context))}
      ${line.fault ? html`<div class="bubble kalm"><p>${line.fault}</p></div>` : nothing}
      ${line.state === "failed" && context.canAct ? remedies(line, context) : nothing}
    </div>
  `;
}

function typing({ strings }: Context): TemplateResult {
  return html`<div class="bubble kalm typing"><span class="unseen">${strings.typing}</span><i></i><i></i><i></i></div>`;
}

function remedies(line: Line, { strings, actions }: Context): TemplateResult {
  return html`<div class="suggestions">
    ${line.again ? html`<button type="button" class="suggestion" @click=${() => actions.sendAgain(line.id)}>${strings.again}</button>` : nothing}
    ${line.number ? nothing : html`<button type="button" class="suggestion" @click=${() => actions.takeBack(line.id)}>${strings.take_back}</button>`}
  </div>`;
}
