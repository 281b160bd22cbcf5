import { html, nothing, type TemplateResult } from "lit";
import type { Context } from "./context";
import { suggestions } from "./reply";
import { link, linked } from "./text";

/** What is asked before anything may be sent: the law wants a yes to keeping words about health. */
export function consent({ strings, configuration, actions, agreeing }: Context): TemplateResult {
  if (!configuration) return html`<p class="small">${strings.loading}</p>`;
  const { consent: asked, danger } = configuration;
  return html`
    <div class="card">
      <p>${linked(asked.text, {}, strings)}</p>
      <p>${link(configuration.privacy_page, strings.privacy, strings)}</p>
      <p><button type="button" class="first agree" aria-disabled=${agreeing} @click=${() => actions.agree()}>
        ${agreeing ? strings.loading : asked.agree}</button></p>
      <p class="small">${asked.instead} ${link(configuration.articles_page, strings.articles, strings)}</p>
      <p class="small">${linked(danger.message, danger.numbers, strings)}</p>
    </div>
  `;
}

/** What Kalm says before the first message. */
export function greeting(words: string, alone: boolean, context: Context): TemplateResult | typeof nothing {
  const { strings, configuration } = context;
  if (!configuration) return nothing;
  const person = { title: strings.person, payload: strings.person_payload };
  return html`
    <div class="bubble kalm">
      <span class="unseen">${strings.kalm}: </span>
      <p>${words || configuration.greeting}</p>
      <p class="small disclaimer">${configuration.disclaimer}</p>
    </div>
    ${alone ? suggestions([...configuration.suggestions, person], false, context) : nothing}
  `;
}
