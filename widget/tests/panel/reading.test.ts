import { expect, test } from "vitest";
import { Reading } from "../../src/panel/reading";

/** A log of 400 pixels high, with its messages each 1,000 pixels further; happy-dom measures nothing itself. */
function log(scrollTop: number) {
  const element = document.createElement("div");
  for (const id of ["a", "b", "c"]) {
    const line = document.createElement("div");
    line.dataset.id = id;
    const top = 50 + element.children.length * 1_000;
    line.getBoundingClientRect = () => ({ top: top - element.scrollTop }) as DOMRect;
    element.append(line);
  }
  Object.defineProperties(element, {
    clientHeight: { value: 400 },
    scrollHeight: { value: 2_000, writable: true },
    scrollTop: { value: scrollTop, writable: true },
  });
  element.getBoundingClientRect = () => ({ top: 50 }) as DOMRect;
  return element;
}

const END = 2_000 - 400;

function drawnAt(scrollTop: number, id: string, always: boolean): number {
  const element = log(scrollTop);
  const reading = new Reading(() => element);
  if (id) reading.show(id, always);
  reading.beforeDrawing();
  Object.assign(element, { scrollHeight: 3_000 }); // the answer came
  reading.afterDrawing();
  return element.scrollTop;
}

test("who reads along sees a new answer from its question on", () => {
  expect(drawnAt(END, "c", false)).toBe(2_000);
  expect(drawnAt(END - 119, "c", false)).toBe(2_000);
});

test("who reads something further up stays there", () => {
  expect(drawnAt(END - 120, "c", false)).toBe(END - 120);
  expect(drawnAt(0, "c", false)).toBe(0);
});

test("who just did something himself sees what came of it, wherever he read", () => {
  expect(drawnAt(0, "b", true)).toBe(1_000);
});

test("a drawing without something new moves nothing", () => {
  expect(drawnAt(END, "", true)).toBe(END);
});

test("a message that is not there moves nothing", () => {
  expect(drawnAt(END, "no-such", true)).toBe(END);
});

test("what was shown is not shown again at the drawing after it", () => {
  const element = log(END);
  const reading = new Reading(() => element);
  reading.show("b", true);
  reading.afterDrawing();
  element.scrollTop = 7;
  reading.afterDrawing();
  expect(element.scrollTop).toBe(7);
});

test("what is to be shown waits for a log that is not there yet", () => {
  let element: HTMLElement | null = null;
  const reading = new Reading(() => element);
  reading.show("b", true);
  reading.beforeDrawing();
  reading.afterDrawing();
  element = log(0);
  reading.afterDrawing();
  expect(element.scrollTop).toBe(1_000);
});

test("an answer to a question that fills the screen is shown from the answer on", () => {
  const element = log(END);
  const line = element.children[2] as HTMLElement;
  const answer = document.createElement("div");
  answer.className = "kalm";
  answer.getBoundingClientRect = () => ({ top: 50 + 2_300 - element.scrollTop }) as DOMRect;
  line.append(answer);
  const reading = new Reading(() => element);
  reading.show("c", true);
  reading.beforeDrawing();
  reading.afterDrawing();
  expect(element.scrollTop).toBe(2_300);
});

test("who left the log where it was put reads along, however long the question is", () => {
  const element = log(END);
  const reading = new Reading(() => element);
  reading.show("b", true);
  reading.afterDrawing(); // his own question, at 1,000
  reading.beforeDrawing();
  reading.show("c");
  reading.afterDrawing();
  expect([element.scrollTop, reading.hasNewer]).toEqual([2_000, false]);
});

test("what is new and not seen is told until the visitor comes there, or all is erased", () => {
  const element = log(0);
  const reading = new Reading(() => element);
  reading.beforeDrawing();
  reading.show("c");
  expect([reading.afterDrawing(), reading.hasNewer]).toEqual([true, true]);
  expect(reading.moved()).toBe(false);
  element.scrollTop = END;
  expect([reading.moved(), reading.hasNewer]).toEqual([true, false]);
  element.scrollTop = 0;
  reading.beforeDrawing();
  reading.show("c");
  reading.afterDrawing();
  element.replaceChildren();
  expect([reading.afterDrawing(), reading.hasNewer]).toEqual([true, false]);
});

test("what was said last is shown when the panel is opened, wherever the log was; later only to who reads along", () => {
  const element = log(0);
  const reading = new Reading(() => element);
  reading.open();
  reading.beforeDrawing({ id: "b", number: 2 });
  reading.afterDrawing();
  expect(element.scrollTop).toBe(1_000);
  element.scrollTop = 0;
  reading.beforeDrawing({ id: "c", number: 3 });
  reading.afterDrawing();
  expect([element.scrollTop, reading.hasNewer]).toEqual([0, true]);
});
