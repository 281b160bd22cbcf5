// What every screen shares. Each screen's own script is beside it.
"use strict";

// A page that the browser kept would show somebody else's work of before.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// After a part of the page was replaced, go on where the keyboard was: on what asks for it.
document.addEventListener("htmx:afterSettle", (event) => {
  const wanted = event.target.querySelector?.("[data-focus]");
  if (wanted) wanted.focus();
});
