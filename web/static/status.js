// Fills in the list of what runs on the start page.
"use strict";

const ANSWERS = ["draait", "antwoordt niet"];
const WORDS = {
  bot: ANSWERS,
  actions: ANSWERS,
  database: ["draait", "niet bereikbaar"],
  chat: ["gebouwd", "niet gebouwd (zie de README)"],
};

function inWords(part, value) {
  if (part in WORDS) return WORDS[part][value ? 0 : 1];
  return value === null ? "niet te lezen" : String(value || "geen");
}

async function showStatus() {
  let status = {};
  try {
    status = await (await fetch("/toestand")).json();
  } catch {
    // then nothing is known of any part
  }
  for (const element of document.querySelectorAll("[data-part]")) {
    const { part } = element.dataset;
    element.textContent = part in status ? inWords(part, status[part]) : "onbekend";
  }
}
showStatus();
