/**
 * The one file of a shop's page: `<script src="https://.../kalm.js" data-server="https://..." defer></script>`.
 *
 * With `data-server` it puts the chat on the page; every other `data-` attribute becomes an attribute of the
 * element. Without it, the page writes `<kalm-chat server="https://...">` itself.
 */
import { KalmChat } from "./element";

const NAME = "kalm-chat";
const script = document.currentScript;

if (!customElements.get(NAME)) customElements.define(NAME, KalmChat);

if (script?.dataset.server !== undefined && !document.querySelector(NAME)) {
  const element = document.createElement(NAME);
  for (const [name, value] of Object.entries(script.dataset)) element.setAttribute(name, value ?? "");
  document.body.append(element);
}
