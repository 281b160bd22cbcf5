// The start page's conversation. Text goes in as text nodes only, never as markup.
"use strict";

const chat = document.querySelector(".chat");
const log = chat.querySelector(".log");
const choices = chat.querySelector(".choices");
const form = chat.querySelector("form");
const input = form.elements.vraag;
const EVIDENCE = JSON.parse(chat.dataset.evidence);
const longDate = new Intl.DateTimeFormat("nl-NL", { dateStyle: "long", timeZone: "UTC" });

function paragraph(text, className = "") {
  const element = document.createElement("p");
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function bubble(who, parts) {
  const element = document.createElement("div");
  element.className = `bubble ${who}`;
  element.append(...parts);
  log.append(element);
  // A long answer is read from its first line; the visitor's own line is only a reminder.
  log.scrollTop = element.offsetTop - log.offsetTop;
  return element;
}

// On a phone a number of help can be pressed; the reply says which texts are numbers.
function withNumbers(text, numbers) {
  const element = paragraph("");
  const written = Object.keys(numbers).sort((one, other) => other.length - one.length);
  const pattern = written.length ? new RegExp(`(?<![\\d-])(${written.join("|")})(?![\\d-]|\\.nl)`) : /(?!)/;
  for (const part of text.split(pattern)) {
    if (!(part in numbers)) {
      element.append(part);
      continue;
    }
    const link = document.createElement("a");
    link.href = numbers[part];
    link.textContent = part;
    element.append(link);
  }
  return element;
}

function sourceLine(passage) {
  const line = paragraph("", "source");
  const link = document.createElement("a");
  link.href = passage.url;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = `${passage.article}, ${passage.section}`;
  const about = `${EVIDENCE[passage.evidence]}, ${longDate.format(new Date(passage.updated))}`;
  line.append("Bron: ", link, ` (${about})`);
  return line;
}

function drawReply(reply) {
  const urgent = reply.kind === "emergency" || reply.kind === "crisis";
  const parts = [];
  if (reply.message) parts.push(withNumbers(reply.message, reply.numbers));
  for (const passage of reply.passages) {
    if (!reply.cites_only) parts.push(paragraph(passage.text));
    parts.push(sourceLine(passage));
    if (passage.age) parts.push(paragraph(passage.age, "source"));
  }
  for (const source of reply.sources) parts.push(paragraph(source, "source"));
  if (reply.caution) parts.push(paragraph(reply.caution));
  if (reply.notice) parts.push(paragraph(reply.notice, "disclaimer"));
  parts.push(paragraph(reply.disclaimer, "disclaimer"));
  if (reply.question) parts.push(paragraph(reply.question));
  if (reply.choices) parts.push(paragraph(reply.choices));
  bubble(urgent ? "bot urgent" : "bot", parts);
  offer(reply.suggestions);
}

function offer(suggestions) {
  choices.replaceChildren(
    ...suggestions.map((suggestion) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.payload = suggestion.payload;
      button.textContent = suggestion.title;
      return button;
    }),
  );
}

function setBusy(busy) {
  for (const element of chat.querySelectorAll("button")) element.disabled = busy;
}

async function ask(text) {
  bubble("visitor", [paragraph(text)]);
  offer([]);
  setBusy(true);
  try {
    const answer = await fetch("/gesprek", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender: chat.dataset.conversation, message: text }),
    });
    const messages = await answer.json();
    if (messages.error) {
      bubble("bot", [paragraph(messages.error)]);
      input.value = text;
      return;
    }
    const withData = messages.filter((message) => message.custom);
    if (withData.length) withData.forEach((message) => drawReply(message.custom));
    else messages.forEach((message) => message.text && bubble("bot", [paragraph(message.text)]));
  } catch {
    bubble("bot", [paragraph("Je vraag kwam niet aan. Kijk of je verbinding hebt en probeer het nog eens.")]);
    input.value = text;
  } finally {
    setBusy(false);
    // Without scrolling: on a phone the page would jump away from the answer.
    input.focus({ preventScroll: true });
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return;
  input.value = "";
  ask(text);
});

choices.addEventListener("click", (event) => {
  const payload = event.target.dataset.payload;
  if (payload) ask(payload);
});

async function showStatus() {
  const shown = { bot: "antwoordt niet", actions: "antwoordt niet", database: "niet bereikbaar", passages: "geen" };
  try {
    const status = await (await fetch("/toestand")).json();
    if (status.bot) shown.bot = "draait";
    if (status.actions) shown.actions = "draait";
    if (status.database) shown.database = "draait";
    if (status.passages) shown.passages = String(status.passages);
    if (status.passages === null) shown.passages = "niet te lezen";
  } catch {
    // the words above already say it
  }
  for (const [part, words] of Object.entries(shown)) {
    document.querySelector(`[data-part="${part}"]`).textContent = words;
  }
}
showStatus();
