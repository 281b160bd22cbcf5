// Copy a link that is shown once; send a question with Enter, as in other chats.
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue; // over plain http there is none; the field is selected all the same
  button.hidden = false;
  button.addEventListener("click", async () => {
    const told = button.parentElement.querySelector(".copied");
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = "Gekopieerd.";
    } catch {
      field.focus();
      told.textContent = "Kopiëren lukte niet. Druk op Ctrl+C.";
    }
  });
}

for (const hint of document.querySelectorAll("[data-enter]")) {
  hint.hidden = false;
  const form = hint.closest("form");
  form.querySelector("textarea").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
