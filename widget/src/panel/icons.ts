import { html, type TemplateResult } from "lit";

function icon(path: string): TemplateResult {
  return html`<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><path d=${path}
    fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" /></svg>`;
}

export const ICONS = {
  chat: icon("M4 5.5h16v11H10l-4.5 3.5v-3.5H4zM8 9.5h8M8 12.7h5"),
  close: icon("M6 6l12 12M18 6L6 18"),
  erase: icon("M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10 11v5M14 11v5"),
  send: icon("M5 12h14M13 6l6 6-6 6"),
  copy: icon("M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4"),
  up: icon(
    "M7.5 10.5v9M7.5 11l4-7c1.6 0 2.3 1.3 2 2.7l-.7 3.3h5c1.3 0 2.1 1.1 1.8 2.3l-1.5 5.7c-.3 1-1 1.5-2 1.5h-8.6M4 10.5h3.5v9H4z",
  ),
  down: icon(
    "M7.5 13.5v-9M7.5 13l4 7c1.6 0 2.3-1.3 2-2.7l-.7-3.3h5c1.3 0 2.1-1.1 1.8-2.3l-1.5-5.7c-.3-1-1-1.5-2-1.5h-8.6M4 13.5h3.5v-9H4z",
  ),
};
