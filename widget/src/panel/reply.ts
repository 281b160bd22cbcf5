import { html, nothing, type TemplateResult } from "lit";
import type { Line } from "../conversation/lines";
import { isDanger, type Passage, type Reply } from "../conversation/replies";
import type { Context } from "./context";
import { feedback } from "./feedback";
import { inOrder, link, linked, sourceWords, telephone } from "./text";

const DASH = "- ";

/** What Kalm says: the passage, who says so, what to mind, the disclaimer. */
export function reply(said: Reply, line: Line, canPress: boolean, context: Context): TemplateResult {
  const { strings } = context;
  const numbers = said.numbers ?? {};
  const passages = said.passages ?? [];
  const danger = isDanger(said);
  return html`
    <div class="bubble kalm ${danger ? "danger" : ""}">
      <span class="unseen">${strings.kalm}: </span>
      ${said.message ? html`<p>${linked(said.message, numbers, strings)}</p>` : nothing}
      ${danger ? calls(inOrder(said.message, numbers), strings.call) : nothing}
      ${passages.map((one) => passage(one, said.cites_only ?? false, context))}
      ${said.sources?.length ? sources(said.sources, context) : nothing}
      ${said.caution ? html`<p class="caution">${said.caution}</p>` : nothing}
      ${said.notice ? html`<p class="small">${said.notice}</p>` : nothing}
      ${said.disclaimer ? html`<p class="small disclaimer">${linked(said.disclaimer, numbers, strings)}</p>` : nothing}
      ${passages.length && line.number && context.canAct ? feedback(said, line, context) : nothing}
      ${said.choices ? html`<p>${said.choices}</p>` : nothing}
      ${said.choices && !canPress ? html`<ul>${said.suggestions?.map(({ title }) => html`<li>${title}</li>`)}</ul>` : nothing}
    </div>
    ${canPress ? suggestions(said.suggestions, true, context) : nothing}
  `;
}

function passage(one: Passage, citesOnly: boolean, { strings }: Context): TemplateResult {
  const { title, about } = sourceWords(one, strings);
  return html`
    ${citesOnly ? nothing : one.text.split(/\n{2,}/).map(paragraph)}
    <p class="small source">${strings.source}: ${link(one.url, title, strings)} (${about})</p>
    ${one.age ? html`<p class="small">${one.age}</p>` : nothing}
  `;
}

/** Lines that begin with a dash are a list. */
function paragraph(text: string): TemplateResult[] {
  const lines = text.split("\n");
  const plain = lines.filter((line) => !line.startsWith(DASH));
  const list = lines.filter((line) => line.startsWith(DASH));
  return [
    ...(plain.length ? [html`<p class="passage">${plain.join("\n")}</p>`] : []),
    ...(list.length
      ? [html`<ul class="passage">${list.map((line) => html`<li>${line.slice(DASH.length)}</li>`)}</ul>`]
      : []),
  ];
}

function sources(lines: string[], { strings }: Context): TemplateResult {
  return html`
    <p class="small">${strings.rests_on}</p>
    <ul class="small">${lines.map((line) => html`<li>${linked(line, {}, strings)}</li>`)}</ul>
  `;
}

/** Numbers as large as a thumb: whoever needs them should not have to aim. The first is the one to call. */
function calls(numbers: [string, string][], call: string): TemplateResult {
  return html`<p class="calls">${numbers.map(([number, address]) => telephone(number, address, `${call} ${number}`))}</p>`;
}

/** What one may ask next. @param byReply Whether the last reply offers it, which the server then looks up. */
export function suggestions(
  offered: Reply["suggestions"],
  byReply: boolean,
  context: Context,
): TemplateResult | typeof nothing {
  if (!offered?.length) return nothing;
  return html`<div class="suggestions">${offered.map(
    ({ title, payload }) =>
      html`<button type="button" class="suggestion" @click=${() => context.actions.choose(payload, byReply)}>${title}</button>`,
  )}</div>`;
}
