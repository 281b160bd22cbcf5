import type { Waiting } from "./memory";
import { isApology, type MessageKept, type Reply } from "./replies";

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
  const open = new Map(waiting.map((message) => [message.id, message]));
  const lines = answered.map((message) => sent(message, open.get(message.id), sendingId));
  const known = new Set(lines.map((line) => line.id));
  for (const message of waiting) {
    if (known.has(message.id)) continue;
    const after = message.failed?.after ?? Number.POSITIVE_INFINITY;
    const later = lines.findIndex((line) => line.number > after);
    lines.splice(later < 0 ? lines.length : later, 0, unanswered(message, sendingId));
  }
  return lines;
}

/** @param open Where the server has no more than an apology, the message is still to be answered. */
function sent(message: MessageKept, open: Waiting | undefined, sendingId: string): Line {
  const state = open && message.replies.every(isApology) ? stateOf(open, sendingId) : "sent";
  return { ...message, state, fault: "", again: open?.failed?.again ?? false };
}

function stateOf({ id, failed }: Waiting, sendingId: string): State {
  return failed ? "failed" : id === sendingId ? "sending" : "waiting";
}

function unanswered(message: Waiting, sendingId: string): Line {
  const { id, text, at, failed } = message;
  return {
    id,
    text,
    at,
    state: stateOf(message, sendingId),
    number: 0,
    replies: failed?.reply ? [failed.reply] : [],
    helped: null,
    fault: failed && !failed.reply ? failed.message : "",
    again: failed?.again ?? false,
  };
}
