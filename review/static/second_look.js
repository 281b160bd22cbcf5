// The second look by keyboard, and choosing a whole page at once.
"use strict";

const keysSwitch = document.getElementById("toetsen");

if (keysSwitch) {
  keysSwitch.checked = !window.kalmKeys.areOff;
  keysSwitch.addEventListener("change", () => { window.kalmKeys.areOff = !keysSwitch.checked; });
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (field.matches("textarea") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    field.form.requestSubmit();
    return;
  }
  if (field.matches("textarea") && event.key === "Escape") field.blur();
  const isTyping = field.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !keysSwitch?.checked) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("textarea")) wanted.focus();
  else wanted.click();
});

// A form that is sent twice is kept once; this only saves the second wait.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else event.target.dataset.sent = "yes";
});

for (const all of document.querySelectorAll("[data-all]")) {
  const boxes = document.querySelectorAll(`input[name="${all.dataset.all}"]`);
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
}
