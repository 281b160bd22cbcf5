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

// Somebody who speaks to the computer, or hits keys by accident, can switch single keys off (WCAG 2.1.4): on
// every screen at once, and for the next time.
window.kalmKeys = {
  kept: "kalm-sneltoetsen-uit",
  get areOff() { try { return localStorage.getItem(this.kept) === "1"; } catch { return false; } },
  set areOff(value) { try { localStorage.setItem(this.kept, value ? "1" : "0"); } catch { /* then it is not remembered */ } },
};
