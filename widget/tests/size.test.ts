// @vitest-environment node
/// <reference types="node" />
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const MOST_BYTES = 25_000;
const BUILT = fileURLToPath(new URL("../dist/kalm.js", import.meta.url));
const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));

/** What makes a page out of text, or needs more than the policy of a careful shop allows. */
const UNSAFE = [
  "innerHTML",
  "outerHTML",
  "insertAdjacentHTML",
  "document.write",
  "eval(",
  "new Function",
  "unsafeHTML",
  "unsafeSVG",
  "unsafeCSS",
  "unsafeStatic",
  'setAttribute("style"',
  " style=",
  "styleMap",
];

function built(): string {
  if (!existsSync(BUILT)) throw new Error("dist/kalm.js is not there: run `npm run build` before the tests");
  return readFileSync(BUILT, "utf8");
}

const sources = (readdirSync(SOURCE, { recursive: true }) as string[]).filter((name) => name.endsWith(".ts"));

test("the one file is small enough for a phone on a slow network", () => {
  expect(gzipSync(built(), { level: 9 }).length).toBeLessThanOrEqual(MOST_BYTES);
});

test("the one file names no host of others: all it needs is in it", () => {
  const hosts = [...built().matchAll(/(?:https?|wss?):\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)/gi)].map(
    ([, host]) => host,
  );
  expect(hosts.filter((host) => host !== "www.w3.org")).toEqual([]);
});

test("the one file loads no other one", () => {
  expect(built()).not.toMatch(/\bimport\s*\(|\bimport\s*["'{*]|@import|sourceMappingURL/);
});

test("there are sources to look through", () => {
  expect(sources.length).toBeGreaterThan(15);
});

test.each(UNSAFE)("no source has %s", (unsafe) => {
  const found = sources.filter((name) => readFileSync(SOURCE + name, "utf8").includes(unsafe));
  expect(found).toEqual([]);
});
