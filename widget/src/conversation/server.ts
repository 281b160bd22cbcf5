import type { Configuration, History, MessageKept, Reply, Session } from "./replies";

/** Milliseconds; the server itself gives up after 8 seconds. */
const PATIENCE = 15_000;

/** The server's own judgement of a request, in its one shape of a fault. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    /** Dutch, for the visitor. */
    override readonly message: string,
    /** The apology, or whom to call in danger. */
    readonly reply: Reply | null,
    /** Seconds to wait, 0 when it did not say. */
    readonly wait: number,
    /** Of the session that asked, "" for none. */
    readonly token: string,
  ) {
    super(message);
  }
}

/** Nothing that Kalm said came back: no connection, too late, or something else that stands before it. */
export class Unreachable extends Error {}

/** The routes of `channels/website`, each one request. All throw {@link Refused} or {@link Unreachable}. */
export class Server {
  private readonly base: string;

  /** @param origin Where the bot server is, such as `https://kalm.winkel.example`. */
  constructor(origin: string) {
    this.base = `${origin.replace(/\/+$/, "")}/webhooks/website`;
  }

  configuration(): Promise<Configuration> {
    return this.ask("GET", "/configuration");
  }

  /** @param token Of the session that is to last longer, "" for a new one. */
  start(consent: string, token = ""): Promise<Session> {
    return this.ask("POST", "/session", token, { consent });
  }

  send(token: string, id: string, text: string, chosen: boolean): Promise<MessageKept> {
    return this.ask("POST", "/messages", token, { id, text, chosen });
  }

  history(token: string, after: number): Promise<History> {
    return this.ask("GET", `/messages?after=${after}`, token);
  }

  async erase(token: string): Promise<string> {
    return (await this.ask<{ receipt: string }>("DELETE", "/conversation", token)).receipt;
  }

  judge(token: string, number: number, helped: boolean, reason: string): Promise<void> {
    return this.ask("POST", "/feedback", token, { number, helped, reason });
  }

  private async ask<Given>(method: string, path: string, token = "", body?: object): Promise<Given> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const headers: Record<string, string> = {};
      if (body) headers["Content-Type"] = "application/json";
      if (token) headers.Authorization = `Bearer ${token}`;
      const answer = await fetch(this.base + path, {
        method,
        headers,
        credentials: "omit",
        signal: patience.signal,
        ...(body && { body: JSON.stringify(body) }),
      });
      if (answer.status === 204) return undefined as Given;
      const given = await answer.json();
      if (answer.ok) return given as Given;
      throw refusal(given, answer, token);
    } catch (error) {
      throw error instanceof Refused ? error : new Unreachable(String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

function refusal(given: unknown, answer: Response, token: string): Error {
  const fault = (given as { error?: Partial<Refused> } | null)?.error;
  if (typeof fault?.code !== "string" || typeof fault.message !== "string") {
    return new Unreachable(`status ${answer.status}`); // a proxy's own page, for example
  }
  const wait = Number(answer.headers.get("Retry-After")) || 0;
  return new Refused(fault.code, fault.message, fault.reply ?? null, wait, token);
}
