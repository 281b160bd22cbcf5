// The section editor: whoever leaves with text that was not kept is asked first.
"use strict";

const form = document.getElementById("tekst");
if (form) {
  let typed = form.dataset.typed === "ja";
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });
}
