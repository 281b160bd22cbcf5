import type { Waiting } from "./memory";
import type { MessageKept, Reply } from "./replies";

export type State = "waiting" | "sending" | "sent" | "failed";

/** One message of the visitor as it is shown, with what came back. */
export interface Line {
  id: string;
  text: string;
  /** Seconds since 1970. */
  at: number;
  state: State;
  /** Of the message at the server, 0 while it has none. */
  number: number;
  replies: Reply[];
  helped: boolean | null;
  /** Why it was not answered, in words; empty when a reply says it. */
  fault: string;
  /** Whether sending the same once more may help. */
  again: boolean;
}

/** What was answered, with what failed in between, and then what still waits for its turn. */
export function linesOf(
  answered: readonly MessageKept[],
  waiting: readonly Waiting[],
  sendingId: string,
): Line[] {
  const failed = new Map(waiting.map((message) => [message.id, message.failed]));
  const lines = answered.map((message) => sent(message, failed.get(message.id)?.again ?? false));
  const known = new Set(lines.map((line) => line.id));
  for (const message of waiting) {
    if (known.has(message.id)) continue;
    const after = message.failed?.after ?? Number.POSITIVE_INFINITY;
    const later = lines.findIndex((line) => line.number > after);
    lines.splice(later < 0 ? lines.length : later, 0, unanswered(message, sendingId));
  }
  return lines;
}

function sent(message: MessageKept, again: boolean): Line {
  return { ...message, state: again ? "failed" : "sent", fault: "", again };
}

function unanswered(message: Waiting, sendingId: string): Line {
  const { id, text, at, failed } = message;
  return {
    id,
    text,
    at,
    state: failed ? "failed" : id === sendingId ? "sending" : "waiting",
    number: 0,
    replies: failed?.reply ? [failed.reply] : [],
    helped: null,
    fault: failed && !failed.reply ? failed.message : "",
    again: failed?.again ?? false,
  };
}
