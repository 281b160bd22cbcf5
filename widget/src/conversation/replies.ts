/** What the website's routes give; `GET /webhooks/website/openapi.json` describes it. */

export interface Suggestion {
  title: string;
  payload: string;
}

export interface Passage {
  text: string;
  article: string;
  section: string;
  url: string;
  /** As 2024-09-06. */
  updated: string;
  evidence: string;
  age: string;
}

/** What Kalm says, as data: docs/architecture.md. Small talk has a message and nothing else. */
export interface Reply {
  kind: string;
  message: string;
  numbers?: Record<string, string>;
  passages?: Passage[];
  cites_only?: boolean;
  sources?: string[];
  caution?: string;
  notice?: string;
  disclaimer?: string;
  choices?: string;
  suggestions?: Suggestion[];
  question?: string;
}

/** A message of the visitor with what Kalm said to it. */
export interface MessageKept {
  id: string;
  /** Within the conversation, from 1; 0 when the conversation was erased by this message. */
  number: number;
  /** Seconds since 1970. */
  at: number;
  text: string;
  replies: Reply[];
  helped: boolean | null;
}

export interface History {
  messages: MessageKept[];
  more: boolean;
}

export interface Session {
  token: string;
  /** Seconds since 1970. */
  ends_at: number;
}

export interface Configuration {
  consent: { id: string; text: string; agree: string; instead: string };
  danger: { message: string; numbers: Record<string, string> };
  greeting: string;
  disclaimer: string;
  suggestions: Suggestion[];
  privacy_page: string;
  articles_page: string;
  longest_text: number;
}

/** Replies that tell whom to call. */
export function isDanger(reply: Reply): boolean {
  return reply.kind === "emergency" || reply.kind === "crisis";
}

/** An apology: the message may be sent again. */
export function isApology(reply: Reply): boolean {
  return reply.kind === "failure";
}
