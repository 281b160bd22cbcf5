import { html, type TemplateResult } from "lit";
import type { Passage, Reply } from "../conversation/replies";
import type { Strings } from "../strings";

/** A site that Kalm names by its name alone: who would rather not call can go there. */
const SITE = "113\\.nl(?![\\w-])";
/** An address in a text, without the mark that ends its sentence. */
const ADDRESS = 'https?://[^\\s<>"]*[^\\s<>".,;:!?)’\']';

/** An address that may be opened: what an article says is not trusted. */
export function safeUrl(url: string): string | null {
  return /^https?:\/\//i.test(url) ? url : null;
}

/** A link that opens a new tab, and says so to who cannot see that. */
export function link(url: string, text: string, strings: Strings): TemplateResult | string {
  const safe = safeUrl(url);
  if (!safe) return text;
  return html`<a href=${safe} target="_blank" rel="noopener">${text}<span class="unseen"> (${strings.new_tab})</span></a>`;
}

export function telephone(number: string, address: string, text = number): TemplateResult | string {
  return /^tel:\+?\d+$/.test(address) ? html`<a class="number" href=${address}>${text}</a>` : text;
}

/** A text with its numbers of help and its addresses as links; everything else stays text. */
export function linked(text: string, numbers: Record<string, string>, strings: Strings): unknown[] {
  const parts: unknown[] = [];
  let end = 0;
  for (const { found, index, address } of occurrences(text, numbers)) {
    parts.push(
      text.slice(end, index),
      address ? telephone(found, address) : link(asUrl(found), found, strings),
    );
    end = index + found.length;
  }
  return [...parts, text.slice(end)];
}

/** The numbers of help in the order in which a text names them: an object of numbers has an order of its own. */
export function inOrder(text: string, numbers: Record<string, string>): [number: string, address: string][] {
  const named = occurrences(text, numbers).flatMap(({ found, address }) => (address ? [found] : []));
  return [...new Set([...named, ...Object.keys(numbers)])].map((number) => [number, numbers[number] ?? ""]);
}

function asUrl(found: string): string {
  return safeUrl(found) ?? `https://${found}`;
}

interface Occurrence {
  found: string;
  index: number;
  /** Of a number; an address of the web has none. */
  address: string | undefined;
}

function occurrences(text: string, numbers: Record<string, string>): Occurrence[] {
  const written = Object.keys(numbers).sort((one, other) => other.length - one.length);
  const pattern = new RegExp([ADDRESS, SITE, ...written.map(asPattern)].join("|"), "g");
  return [...text.matchAll(pattern)].flatMap(({ 0: found, index }) => {
    if (/([\w-]|\d[.,])$/.test(text.slice(0, index))) return []; // within a word or a longer number
    return [{ found, index, address: Object.hasOwn(numbers, found) ? numbers[found] : undefined }];
  });
}

function asPattern(number: string): string {
  return `${number.replace(/[^\w\s-]/g, "\\$&")}(?![\\w-]|[.,]\\d|\\.nl)`;
}

/** Who says so: article, section, kind of evidence and date. */
export function sourceWords(passage: Passage, strings: Strings): { title: string; about: string } {
  const evidence = strings.evidence[passage.evidence] ?? passage.evidence;
  return {
    title: `${passage.article}, ${passage.section}`,
    about: [evidence, longDate(passage.updated)].filter(Boolean).join(", "),
  };
}

function longDate(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.valueOf())) return day;
  return new Intl.DateTimeFormat("nl-NL", { dateStyle: "long", timeZone: "UTC" }).format(date);
}

/** When something was said: the time, before today with the day. */
export function moment(at: number, now = Date.now()): string {
  const date = new Date(at * 1000);
  const time = new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit" }).format(date);
  if (date.toDateString() === new Date(now).toDateString()) return time;
  const day = new Intl.DateTimeFormat("nl-NL", { weekday: "long", day: "numeric", month: "long" }).format(
    date,
  );
  return `${day}, ${time}`;
}

/** A reply as plain text: what is read aloud, and what is copied with the addresses. */
export function plain(reply: Reply, strings: Strings, withAddresses = false): string {
  const parts: (string | undefined)[] = [reply.message];
  for (const passage of reply.passages ?? []) {
    const { title, about } = sourceWords(passage, strings);
    const address = withAddresses ? `: ${passage.url}` : "";
    if (!reply.cites_only) parts.push(passage.text);
    parts.push(`${strings.source}: ${title} (${about})${address}`, passage.age);
  }
  if (reply.sources?.length) parts.push(strings.rests_on, ...reply.sources);
  parts.push(reply.caution, reply.notice, reply.disclaimer);
  if (!withAddresses) parts.push(reply.question, reply.choices);
  return parts.filter(Boolean).join("\n");
}

/** A sentence with words in the place of its {names}. */
export function filled(sentence: string, words: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(words[name] ?? whole));
}
