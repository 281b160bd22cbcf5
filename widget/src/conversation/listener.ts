import type { Line } from "./lines";
import type { MessageKept } from "./replies";

/** What a conversation tells whoever shows it. */
export interface Listener {
  /** There is something else to show. */
  changed(): void;
  /** Another tab changed what the server has; `refresh` reads it. */
  stale(): void;
  /** It is time to try again; `refresh` does. */
  due(): void;
  /** Another tab erased the conversation. */
  erased(): void;
  /** A message was answered while the page was open. */
  answered(message: MessageKept): void;
  /** A message was not answered; `line` has why. */
  failed(line: Line): void;
  /** The server never answered this page. */
  unheard(): void;
}

/** Why the visitor is told something beside the messages. */
export type Notice = "" | "ended" | "erase_failed" | "erase_unknown" | "judge_failed" | { words: string };
