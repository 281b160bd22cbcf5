import { html, nothing, type TemplateResult } from "lit";
import type { Line } from "../conversation/lines";
import type { Reply } from "../conversation/replies";
import type { Context } from "./context";
import { ICONS } from "./icons";
import { plain } from "./text";

const LONGEST_REASON = 500;

/** Copy, thumbs, and what was wrong. */
export function feedback(said: Reply, line: Line, context: Context): TemplateResult {
  return html`
    <div class="feedback">
      ${said.question ? html`<span class="small">${said.question}</span>` : nothing}
      ${thumb(true, line, context)} ${thumb(false, line, context)}
      ${copy(said, line, context)}
      <span class="small">${done(line, context)}</span>
    </div>
    ${context.askingWhy === line.number ? why(line, context) : nothing}
  `;
}

/** What the visitor just did, in a word. */
function done({ number, helped }: Line, { strings, copied, askingWhy }: Context): string | typeof nothing {
  if (copied === number) return strings.copied;
  return helped !== null && askingWhy !== number ? strings.thanks : nothing;
}

/** A page without TLS has no clipboard. */
function copy(said: Reply, line: Line, { strings, actions }: Context): TemplateResult | typeof nothing {
  if (!navigator.clipboard) return nothing;
  return html`<button type="button" class="icon" title=${strings.copy} aria-label=${strings.copy}
    @click=${() => actions.copy(plain(said, strings, true), line.number)}>${ICONS.copy}</button>`;
}

function thumb(helped: boolean, line: Line, { strings, actions }: Context): TemplateResult {
  const words = helped ? strings.helped : strings.not_helped;
  return html`<button type="button" class="icon" title=${words} aria-label=${words} aria-pressed=${line.helped === helped}
    @click=${() => actions.judge(line.number, helped)}>${helped ? ICONS.up : ICONS.down}</button>`;
}

function why(line: Line, { strings, actions }: Context): TemplateResult {
  const tell = (reason: string) => actions.judge(line.number, false, reason.trim());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    tell(String(new FormData(event.target as HTMLFormElement).get("reason") ?? ""));
  };
  return html`
    <form class="why" aria-label=${strings.why} @submit=${submit}>
      <p class="small">${strings.why}</p>
      <div class="suggestions">${strings.reasons.map(
        (reason) =>
          html`<button type="button" class="suggestion" @click=${() => tell(reason)}>${reason}</button>`,
      )}</div>
      <div class="row">
        <input name="reason" maxlength=${LONGEST_REASON} autocomplete="off" aria-label=${strings.reason} placeholder=${strings.reason}>
        <button type="submit">${strings.reason_send}</button>
      </div>
    </form>
  `;
}
