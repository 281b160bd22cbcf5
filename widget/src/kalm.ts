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

/** A page that has the script twice, or the element itself, gets one. */
function insert(attributes: DOMStringMap): void {
  if (document.querySelector(NAME)) return;
  const element = document.createElement(NAME);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value ?? "");
  document.body.append(element);
}

const attributes = script?.dataset;
if (attributes?.server !== undefined) {
  // Without `defer` the page is not there yet.
  if (document.body) insert(attributes);
  else document.addEventListener("DOMContentLoaded", () => insert(attributes));
}
