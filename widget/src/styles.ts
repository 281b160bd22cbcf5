import { css } from "lit";

/**
 * Sizes are in em of the visitor's own letter size: what a page does to its root element stays outside.
 * Colours: docs/chat_element.md names the custom properties; both schemes keep 4.5:1 for text.
 */
export const styles = css`
  .root {
    all: initial;
    --ink: var(--kalm-ink, #1d2a30);
    --paper: var(--kalm-paper, #faf7f2);
    --water: var(--kalm-water, #1f4e5f);
    --on-water: var(--kalm-on-water, #fff);
    --mist: var(--kalm-mist, #e6eef0);
    --brick: var(--kalm-brick, #b3452f);
    --quiet: var(--kalm-quiet, #4a5a61);
    --line: var(--kalm-line, #cfd9db);
    --offset: var(--kalm-offset, 1.25em);
    color-scheme: light;
    color: var(--ink);
    font: medium / 1.5 var(--kalm-font, system-ui, sans-serif);
    -webkit-text-size-adjust: 100%;
    text-size-adjust: 100%;
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([scheme="light"])) .root {
      --ink: var(--kalm-dark-ink, #e8edee);
      --paper: var(--kalm-dark-paper, #141c20);
      --water: var(--kalm-dark-water, #9cc9d8);
      --on-water: var(--kalm-dark-on-water, #10222a);
      --mist: var(--kalm-dark-mist, #223139);
      --brick: var(--kalm-dark-brick, #f0967f);
      --quiet: var(--kalm-dark-quiet, #b3c0c5);
      --line: var(--kalm-dark-line, #38474e);
      color-scheme: dark;
    }
  }
  *, ::before, ::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus { outline: none; }
  :focus-visible { outline: 3px solid var(--water); outline-offset: 2px; }
  #heading:focus-visible { outline: none; }

  button, input, textarea { font: inherit; color: inherit; }
  button {
    min-height: 2.75em;
    padding: 0.4em 1em;
    border: 1.5px solid var(--water);
    border-radius: 1.4em;
    background: transparent;
    color: var(--water);
    text-align: left;
    cursor: pointer;
  }
  button.first { background: var(--water); color: var(--on-water); }
  button.quiet { border-color: transparent; }
  button.icon { display: inline-grid; place-items: center; min-width: 2.75em; padding: 0.4em; border-radius: 50%; }
  button svg { flex: none; width: 1.5em; height: 1.5em; }
  a { color: var(--water); text-underline-offset: 0.15em; }
  p, ul, h2 { margin: 0; }
  .small { font-size: 0.875em; color: var(--quiet); }

  .launcher {
    position: fixed;
    z-index: var(--kalm-layer, 2147483000);
    right: var(--offset);
    bottom: var(--offset);
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-height: 3.25em;
    padding: 0.5em 1.25em 0.5em 1em;
    border-color: transparent;
    border-radius: 2em;
    background: var(--water);
    color: var(--on-water);
    font-weight: 600;
    box-shadow: 0 0.25em 1em rgb(0 0 0 / 0.2);
  }
  .launcher:focus-visible { outline-color: var(--ink); box-shadow: 0 0 0 2px var(--paper); }
  .unread { width: 0.7em; height: 0.7em; border-radius: 50%; background: var(--on-water); }
  :host([position="left"]) :is(.launcher, .panel) { right: auto; left: var(--offset); }

  .panel {
    position: fixed;
    z-index: var(--kalm-layer, 2147483000);
    inset: auto var(--offset) var(--offset) auto;
    width: min(26em, 100vw - 2 * var(--offset));
    height: min(44em, 100vh - 2 * var(--offset));
    max-width: none;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 1.25em;
    overflow: hidden;
    background: var(--paper);
    color: var(--ink);
    box-shadow: 0 0.5em 2.5em rgb(0 0 0 / 0.22);
  }
  .panel[open] { display: flex; flex-direction: column; }
  .panel::backdrop { background: transparent; }

  .header { display: flex; align-items: center; gap: 0.25em; padding: 0.6em 0.6em 0.6em 1.25em; border-bottom: 1px solid var(--line); }
  .header div { flex: 1; min-width: 0; }
  h2 { font-size: 1.125em; font-weight: 650; line-height: 1.3; overflow-wrap: anywhere; }
  .erase { display: inline-flex; align-items: center; gap: 0.35em; padding: 0.4em 0.6em; font-size: 0.875em; }
  .bar { padding: 0.75em 1.25em; background: var(--mist); font-size: 0.9375em; }
  .bar p + p { margin-top: 0.4em; }

  .log { position: relative; flex: 1; min-height: 0; padding: 1.25em; overflow-y: auto; overscroll-behavior: contain; overflow-wrap: anywhere; }
  .log:focus-visible { outline-offset: -3px; }
  .bubble { width: fit-content; max-width: 94%; margin-top: 0.5em; padding: 0.75em 1em; border-radius: 1.1em; }
  .bubble p + p, .bubble ul, .bubble .feedback { margin-top: 0.6em; }
  .kalm { background: var(--mist); border-bottom-left-radius: 0.25em; }
  .line { padding-top: 1em; }
  .visitor { margin: 0 0 0 auto; background: var(--water); color: var(--on-water); border-bottom-right-radius: 0.25em; white-space: pre-line; }
  .state { margin-top: 0.2em; font-size: 0.8125em; color: var(--quiet); text-align: right; }
  .passage { white-space: pre-line; }
  .kalm ul { padding-left: 1.2em; }
  .passage + .passage { margin-top: 0.6em; }
  .newer { position: sticky; bottom: 0; display: block; margin: 0.5em auto 0; background: var(--paper); }
  .caution { padding-left: 0.75em; border-left: 3px solid var(--water); }
  .danger { border-left: 5px solid var(--brick); border-top-left-radius: 0.25em; font-size: 1.0625em; }
  .calls { display: flex; flex-wrap: wrap; gap: 0.5em; }
  .calls a { padding: 0.5em 1.1em; border: 1.5px solid var(--brick); border-radius: 1.4em; color: var(--brick); font-weight: 600; text-decoration: none; }
  .calls a:first-child { background: var(--brick); color: var(--paper); }
  .number { white-space: nowrap; }
  .card { padding: 1.1em 1.25em; border: 1px solid var(--line); border-radius: 1.1em; margin-top: 1em; }
  .card:first-child { margin-top: 0; }
  .card p + p { margin-top: 0.8em; }

  .suggestions { display: flex; flex-wrap: wrap; gap: 0.5em; margin-top: 0.75em; }
  .feedback { display: flex; flex-wrap: wrap; align-items: center; gap: 0.15em; margin-left: -0.4em; }
  .feedback > .small:first-child { margin: 0 0.4em; }
  .feedback button { min-width: 2.25em; min-height: 2.25em; padding: 0.2em; border-color: transparent; }
  .feedback svg { width: 1.25em; height: 1.25em; }
  .feedback [aria-pressed="true"] { border-color: currentColor; background: var(--paper); }
  .why { margin-top: 0.5em; }
  .row { display: flex; gap: 0.5em; margin-top: 0.5em; }
  input, textarea {
    flex: 1;
    min-width: 0;
    min-height: 2.75em;
    padding: 0.55em 1em;
    border: 1.5px solid var(--quiet);
    border-radius: 1.4em;
    background: var(--paper);
  }
  ::placeholder { color: var(--quiet); opacity: 1; }

  .question { display: flex; flex-wrap: wrap; align-items: end; gap: 0.5em; padding: 0.75em 1.25em 0.5em; border-top: 1px solid var(--line); }
  .question textarea { max-height: 8em; resize: none; field-sizing: content; }
  .count { flex-basis: 100%; text-align: right; }
  .footer { padding: 0.25em 1.25em 0.75em; }
  .footer a { display: inline-block; min-height: 1.75em; }

  .typing { display: flex; gap: 0.35em; }
  .typing i { width: 0.5em; height: 0.5em; margin: 0.4em 0; border-radius: 50%; background: var(--quiet); }
  /* Most answers are there before it would be seen: then nothing flickers. */
  .typing { animation: appear 0s 0.3s backwards; }
  @keyframes appear { from { visibility: hidden; } }
  @media (prefers-reduced-motion: no-preference) {
    .typing i { animation: breathe 1.4s infinite ease-in-out; }
    .typing i:nth-of-type(2) { animation-delay: 0.2s; }
    .typing i:nth-of-type(3) { animation-delay: 0.4s; }
    @keyframes breathe { 50% { opacity: 0.25; } }
  }

  @media (max-width: 30rem), (max-height: 30rem) {
    .panel, :host([position="left"]) .panel {
      inset: var(--room-top, 0) 0 auto 0;
      width: 100%;
      height: var(--room-height, 100%);
      border: 0;
      border-radius: 0;
    }
    .header, .question, .footer, .bar { padding-left: 1em; padding-right: 1em; }
    .log { padding: 1em; }
  }
  /* A phone on its side: what is read goes before what stands around it. */
  @media (max-height: 30rem) {
    .header { padding-top: 0.1em; padding-bottom: 0.1em; }
    .header .small { display: none; }
    .question { padding-top: 0.4em; padding-bottom: 0.25em; }
    .footer { padding-bottom: 0.25em; }
    .log { padding-top: 0.5em; padding-bottom: 0.5em; }
  }
  /* Enlarged so far that header and footer would leave no room to read: all of it scrolls. */
  @media (max-height: 20rem) {
    .panel[open] { display: block; overflow-y: auto; }
    .log { overflow: visible; }
    .question { position: sticky; bottom: 0; background: var(--paper); }
  }
  @media (forced-colors: active) {
    .launcher, .bubble, .calls a { border: 1px solid; }
    .calls a, .calls a:first-child { background: Canvas; color: LinkText; }
    .danger { border-left-width: 5px; }
    .typing i, .unread { background: CanvasText; }
    .feedback [aria-pressed="true"] { border-width: 3px; }
  }
  @media print { .root { display: none; } }
`;
