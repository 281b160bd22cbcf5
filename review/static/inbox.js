// The inbox: keys, finding in a list, marking words, and letting go of a message. Without it all forms still work.
"use strict";

(() => {
  const one = (selector, inside = document) => inside.querySelector(selector);
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const show = (element) => element?.removeAttribute("hidden");

  // Keys. One letter does nothing while somebody types, or where they switched it off.

  const types = (element) => element.matches?.("textarea, select, input:not([type=radio], [type=checkbox])");

  const press = (key) => {
    const target = one(`[data-key="${CSS.escape(key)}"]`);
    if (!target || target.matches(":disabled") || !target.offsetParent) return false;
    target.matches("input") ? target.focus() : null;
    if (!target.matches("input[type=search]")) target.click();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && types(event.target)) return event.target.blur();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      if (press("Enter")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || types(event.target)) return;
    if (event.key === "Enter") {
      if (event.target === document.body && press("Enter")) event.preventDefault();
      return;
    }
    if (window.kalmKeys.areOff || event.key.length !== 1) return;
    const keys = one("[data-keys]");
    if (event.key === "?" && keys) {
      keys.open = !keys.open;
      if (keys.open) keys.scrollIntoView({ block: "nearest" });
    } else if (!press(event.key)) return;
    event.preventDefault();
  });

  const choice = one("[data-keys-choice]");
  if (choice) {
    show(choice);
    const box = one("input", choice);
    box.checked = !window.kalmKeys.areOff;
    box.addEventListener("change", () => { window.kalmKeys.areOff = !box.checked; });
  }

  // Finding: what does not hold all typed words is left out of the list.

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  for (const field of all("[data-find]")) {
    const list = document.getElementById(field.dataset.find);
    const input = one("input", field);
    show(field);
    const narrow = list.matches("select") ? narrowOptions(list) : narrowChoices(list);
    const nothingFits = one(`[data-nothing-fits="${list.id}"]`);
    input.addEventListener("input", () => {
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      const fits = narrow(words);
      nothingFits.textContent = words.length && !fits ? "Niets past hierbij. Probeer een ander woord." : "";
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const first = one("label:not([hidden]) input", list);
      if (first) { first.checked = true; first.focus(); } else list.focus();
    });
  }

  function narrowChoices(list) {
    return (words) => {
      for (const label of all("label", list)) {
        const text = plain(label.textContent);
        label.hidden = !words.every((word) => text.includes(word));
      }
      return Boolean(one("label:not([hidden])", list));
    };
  }

  // Not every browser hides an option, so those that do not fit are taken out; what was chosen stays.
  function narrowOptions(select) {
    const kept = [...select.children].map((child) => child.cloneNode(true));
    const holds = (option, words) =>
      words.every((word) => plain(`${option.parentElement.label} ${option.text}`).includes(word));
    return (words) => {
      const chosen = select.value;
      let fits = 0;
      const left = kept.map((child) => {
        const copy = child.cloneNode(true);
        if (!child.matches("optgroup")) return copy;
        for (const option of all("option", copy)) {
          if (holds(option, words)) fits += 1;
          else if (option.value !== chosen) option.remove();
        }
        return copy.children.length ? copy : null;
      });
      select.replaceChildren(...left.filter(Boolean));
      select.value = chosen;
      return fits > 0;
    };
  }

  // Marking words. Places count whole characters, as Python does: a smile is one.

  const marking = one("[data-marking]");
  if (marking) mark(marking, one("#zin"), one("[name=woorden]"));

  function mark(panel, field, kept) {
    const list = one("[data-words]", panel);
    const names = Object.fromEntries(
      all("[data-entity]", panel).map((radio) => [radio.dataset.entity, radio.parentElement.textContent.trim()]));
    const length = (text) => [...text].length;
    const tidy = () => field.value.split(/\s+/).filter(Boolean).join(" ");
    let sentence = tidy();
    let marks = read(kept.value);
    let last = null;
    show(panel);
    draw();

    field.addEventListener("input", () => {
      sentence = tidy();
      marks = marks.map((one) => moved(one)).filter(Boolean);
      last = null;
      keep();
    });
    one("[data-mark-selection]", panel).addEventListener("click", () => {
      const text = field.value.slice(field.selectionStart, field.selectionEnd).trim().split(/\s+/).join(" ");
      const before = length(field.value.slice(0, field.selectionStart).trimStart().replace(/\s+/g, " "));
      const place = text && nearest(text, before);
      if (place) set(place.start, place.end, kind());
    });

    function read(text) {
      try { return JSON.parse(text); } catch { return []; }
    }

    function kind() {
      return one("[data-entity]:checked", panel).dataset.entity;
    }

    function nearest(value, start) {
      const found = [];
      for (let at = sentence.indexOf(value); at >= 0; at = sentence.indexOf(value, at + 1)) {
        const begin = length(sentence.slice(0, at));
        found.push({ start: begin, end: begin + length(value) });
      }
      return found.sort((a, b) => Math.abs(a.start - start) - Math.abs(b.start - start))[0];
    }

    function moved(old) {
      const place = nearest(old.value, old.start);
      return place && { ...old, ...place };
    }

    function words() {
      return [...sentence.matchAll(/[\p{L}\p{N}]+(?:[-'’.,][\p{L}\p{N}]+)*/gu)].map((found) => {
        const start = length(sentence.slice(0, found.index));
        return { text: found[0], start, end: start + length(found[0]) };
      });
    }

    function piece(start, end) {
      return [...sentence].slice(start, end).join("");
    }

    // A mark takes the place of those it touches; one of the same sort just before or behind it joins it.
    function set(start, end, entity) {
      const joins = (other) => other.entity === entity
        && ((other.end + 1 === start && piece(other.end, start) === " ") || (end + 1 === other.start && piece(end, other.start) === " "));
      const joined = marks.filter(joins);
      marks = marks.filter((other) => !joins(other) && (other.end <= start || end <= other.start));
      start = Math.min(start, ...joined.map((other) => other.start));
      end = Math.max(end, ...joined.map((other) => other.end));
      marks.push({ start, end, entity });
      keep();
    }

    function keep() {
      marks = marks.map((one) => ({ ...one, value: piece(one.start, one.end) })).sort((a, b) => a.start - b.start);
      marks = marks.filter((one, at) => !at || marks[at - 1].end <= one.start);
      kept.value = JSON.stringify(marks);
      draw();
    }

    function draw() {
      const focused = [...list.children].indexOf(document.activeElement);
      list.replaceChildren(...words().map((word, number, known) => {
        const over = marks.find((one) => one.start < word.end && word.start < one.end);
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = word.text;
        button.setAttribute("aria-pressed", String(Boolean(over)));
        if (over) {
          const sort = document.createElement("small");
          sort.textContent = names[over.entity] ?? over.entity;
          button.append(" ", sort);
        }
        button.addEventListener("click", (event) => {
          if (event.shiftKey && last !== null && known[last]) {
            const [from, to] = [Math.min(last, number), Math.max(last, number)];
            set(known[from].start, known[to].end, kind());
          } else if (over && over.entity === kind()) {
            marks = marks.filter((one) => one !== over);
            keep();
          } else set(word.start, word.end, kind());
          last = number;
          list.children[number]?.focus();
        });
        return button;
      }));
      if (focused >= 0) list.children[focused]?.focus();
    }
  }

  // What was not chosen need not be in the address.

  one(".filters")?.addEventListener("submit", (event) => {
    for (const field of event.target.elements) field.disabled = field.value === "" && field.name !== "";
  });

  // Choosing many.

  const everything = one("[data-pick-all]");
  if (everything) {
    show(everything);
    everything.addEventListener("click", () => {
      const boxes = all("[name=groep]");
      const on = boxes.some((box) => !box.checked);
      for (const box of boxes) box.checked = on;
    });
  }

  // Whoever leaves a message lets others have it; so does whoever leaves the computer.

  const QUIET = 10 * 60 * 1000;
  const held = one("[data-release]");
  if (held) {
    let lastSign = Date.now();
    for (const sign of ["keydown", "pointerdown", "pointermove", "scroll"]) {
      document.addEventListener(sign, () => { lastSign = Date.now(); }, { passive: true });
    }
    held.addEventListener("htmx:beforeRequest", (event) => {
      if (Date.now() - lastSign > QUIET) event.preventDefault();
    });
    window.addEventListener("pagehide", () => {
      const token = one("#oordeel [name=csrf_token]");
      if (token) navigator.sendBeacon(held.dataset.release, new URLSearchParams({ csrf_token: token.value }));
    });
  }

  // The message itself stays in sight; only what went wrong is scrolled to.
  const wanted = one("[data-focus]");
  wanted?.focus({ preventScroll: wanted.matches("input") });
})();
