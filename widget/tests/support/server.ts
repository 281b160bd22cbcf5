import { vi } from "vitest";
import type { Configuration, MessageKept, Reply } from "../../src/conversation/replies";

export const ORIGIN = "https://kalm.example/";

export const CONFIGURATION: Configuration = {
  consent: { id: "consent-1", text: "Mag ik dit bewaren?", agree: "Ja, dat mag", instead: "Liever niet?" },
  danger: { message: "In nood bel je 112.", numbers: { "112": "tel:112" } },
  greeting: "Hoi, ik ben Kalm.",
  disclaimer: "Geen medisch advies.",
  suggestions: [{ title: "Wat zijn rusteloze benen?", payload: "wat zijn rusteloze benen" }],
  privacy_page: "https://kalm.example/privacy",
  articles_page: "https://kalm.example/artikelen",
  longest_text: 1000,
};

export const APOLOGY: Reply = { kind: "failure", message: "Er ging bij mij iets mis." };

/** What was asked, as the server saw it. */
export interface Asked {
  route: string;
  token: string;
  after: number;
  id: string;
  text: string;
  chosen: boolean;
}

/** A way in which the next request to a route goes wrong. */
export type Fault =
  | "no network"
  | "reply lost"
  | "silent" // until the browser gives up
  | "html" // of a proxy that stands before Kalm
  | "apology" // kept, with an apology
  | Refusal;

export interface Refusal {
  status: number;
  code: string;
  message?: string;
  reply?: Reply;
  wait?: number;
}

/** The server of the website, as far as the element knows it: one visitor, messages kept by their id. */
export class StandIn {
  online = true;
  /** Messages of a history that are given at once. */
  page = 50;
  configuration = CONFIGURATION;
  readonly asked: Asked[] = [];
  kept: MessageKept[] = [];
  /** What Kalm says to a text. */
  answer: (text: string) => Reply[] = (text) => [{ kind: "answer", message: `Over ${text}` }];

  private readonly faults = new Map<string, Fault[]>();
  private readonly tokens = new Set<string>();
  private sessions = 0;
  private last = 0;

  constructor() {
    vi.stubGlobal("fetch", (url: string, options: RequestInit) => this.fetch(url, options));
  }

  /** The next requests to a route go wrong, each in its way. */
  fail(route: string, ...faults: Fault[]): void {
    this.faults.set(route, faults);
  }

  /** How often a route was asked for. */
  count(route: string): number {
    return this.asked.filter((one) => one.route === route).length;
  }

  /** What was sent, in order. */
  get sent(): Asked[] {
    return this.asked.filter((one) => one.route === "POST /messages");
  }

  /** A message that came from elsewhere: another tab, or the days before. */
  keep(text: string, replies = this.answer(text), id = `earlier-${this.last + 1}`): MessageKept {
    const message = { id, number: ++this.last, at: Date.now() / 1000, text, replies, helped: null };
    this.kept = [...this.kept.filter((one) => one.id !== id), message];
    return message;
  }

  /** A session that the visitor agreed to on an earlier page; keeps it where the browser does. */
  begin(): string {
    const token = this.start();
    const at = Date.now() / 1000;
    const session = {
      token,
      ends_at: Date.now() / 1000 + 32 * 86_400,
      consent: this.configuration.consent.id,
      at,
    };
    localStorage.setItem(`kalm ${ORIGIN} session`, JSON.stringify(session));
    return token;
  }

  /** All that was kept is gone, and numbers begin anew. */
  clear(): void {
    this.kept = [];
    this.last = 0;
  }

  endSessions(): void {
    this.tokens.clear();
  }

  private start(): string {
    const token = `token-${++this.sessions}`;
    this.tokens.add(token);
    return token;
  }

  private async fetch(url: string, options: RequestInit): Promise<Response> {
    if (!this.online) throw new TypeError("Failed to fetch");
    const { pathname, searchParams } = new URL(url);
    const route = `${options.method} ${pathname.replace("/webhooks/website", "")}`;
    const headers = new Headers(options.headers);
    const token = (headers.get("Authorization") ?? "").replace("Bearer ", "");
    const body = JSON.parse(String(options.body ?? "{}"));
    const after = Number(searchParams.get("after"));
    this.asked.push({ route, token, after, ...body });
    const fault = this.faults.get(route)?.shift();
    if (fault === "no network") throw new TypeError("Failed to fetch");
    if (fault === "silent") return forever(options.signal);
    if (fault === "html") return given(502, null);
    if (fault === "apology") this.keep(body.text, [APOLOGY], body.id);
    if (fault === "apology") return refused({ status: 503, code: "unavailable", reply: APOLOGY });
    if (typeof fault === "object") return refused(fault);
    const answered = this.route(route, token, body, after);
    if (fault === "reply lost") throw new TypeError("Failed to fetch");
    return answered;
  }

  // biome-ignore lint/suspicious/noExplicitAny: what a request holds
  private route(route: string, token: string, body: any, after: number): Response {
    if (route === "GET /configuration") return given(200, this.configuration);
    if (route === "POST /session") {
      if (body.consent !== this.configuration.consent.id) return refused({ status: 409, code: "consent" });
      return given(201, { token: this.start(), ends_at: Date.now() / 1000 + 32 * 86_400 });
    }
    if (!this.tokens.has(token)) return refused({ status: 401, code: "session" });
    if (route === "GET /messages") {
      const found = this.kept.filter((one) => one.number > after);
      return given(200, { messages: found.slice(0, this.page), more: found.length > this.page });
    }
    if (route === "DELETE /conversation") {
      const receipt = this.kept.length ? "W-1234" : "";
      this.clear();
      return given(200, { receipt });
    }
    if (route === "POST /feedback") {
      const message = this.kept.find((one) => one.number === body.number);
      if (!message) return refused({ status: 404, code: "not_found" });
      message.helped = body.helped;
      return given(204, undefined);
    }
    return given(200, this.receive(body.id, body.text));
  }

  /** The same id is the same message; what got only an apology is answered anew. */
  private receive(id: string, text: string): MessageKept {
    const known = this.kept.find((one) => one.id === id);
    if (known?.replies.some((reply) => reply.kind !== "failure")) return known;
    const replies = this.answer(text);
    if (replies[0]?.kind !== "privacy") return this.keep(text, replies, id);
    this.clear();
    return { id, number: 0, at: Date.now() / 1000, text, replies, helped: null };
  }
}

/** A copy, as one that went over a wire; null for what is no JSON. */
function given(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = body === null ? "<html>Bad gateway</html>" : JSON.stringify(body);
  const answered = {
    status,
    ok: status < 300,
    headers: new Headers(headers),
    json: async () => JSON.parse(text),
  };
  return answered as unknown as Response;
}

function refused({ status, code, message = `Woorden bij ${code}`, reply, wait }: Refusal): Response {
  const error = { code, message, reply: reply ?? null, again: status === 429 || status === 503 };
  return given(status, { error }, wait ? { "Retry-After": String(wait) } : {});
}

function forever(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new DOMException("Aborted", "AbortError")));
  });
}
