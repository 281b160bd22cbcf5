import { expect, test, vi } from "vitest";
import { Announcer } from "../../src/panel/announcer";
import { useFreshBrowser } from "../support/page";

useFreshBrowser();

function place() {
  const region = document.createElement("div");
  return { region, announcer: new Announcer(() => region) };
}

test("what is said is there for a second, and then nobody finds it again", () => {
  const { region, announcer } = place();
  announcer.say("Hallo");
  vi.advanceTimersByTime(999);
  expect([...region.children].map(({ textContent }) => textContent)).toEqual(["Hallo"]);
  vi.advanceTimersByTime(1);
  expect(region.childNodes).toHaveLength(0);
});

test("two things said one after the other stand in their order, each for its own second", () => {
  const { region, announcer } = place();
  announcer.say("een");
  vi.advanceTimersByTime(600);
  announcer.say("twee");
  expect(region.textContent).toBe("eentwee");
  vi.advanceTimersByTime(400);
  expect(region.textContent).toBe("twee");
});

test("it is said as text, whatever it looks like", () => {
  const { region, announcer } = place();
  announcer.say("<img src=x>");
  expect(region.querySelector("img")).toBeNull();
  expect(region.textContent).toBe("<img src=x>");
});

test("nothing to say makes no empty item", () => {
  const { region, announcer } = place();
  announcer.say("");
  expect(region.childNodes).toHaveLength(0);
});

test("without a place to say it there is no error", () => {
  const announcer = new Announcer(() => null);
  expect(() => announcer.say("Hallo")).not.toThrow();
  expect(vi.getTimerCount()).toBe(0);
});
