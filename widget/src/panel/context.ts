import type { Configuration } from "../conversation/replies";
import type { Strings } from "../strings";

/** What the visitor can do in the panel. */
export interface Actions {
  type(text: string): void;
  /** Send what was typed. */
  ask(): void;
  /** Send what a button says; `byReply` whether the last reply offers it, which the server then looks up. */
  choose(text: string, byReply: boolean): void;
  sendAgain(id: string): void;
  takeBack(id: string): void;
  agree(): void;
  askToErase(): void;
  keep(): void;
  erase(): void;
  judge(number: number, helped: boolean, reason?: string): void;
  copy(text: string, number: number): void;
  showNewest(): void;
  scroll(): void;
}

/** What is under way in the panel alone. */
export interface Doing {
  /** What was typed and not sent. */
  draft: string;
  /** Whether it is asked once more before all is erased. */
  sureToErase: boolean;
  /** Number of the answer of which the visitor is asked what was wrong, 0 for none. */
  askingWhy: number;
  /** Number of the answer that was copied just now, 0 for none. */
  copied: number;
  /** Whether the visitor agreed and the server did not answer yet. */
  agreeing: boolean;
}

/** What each part of the panel is drawn with. */
export interface Context extends Doing {
  strings: Strings;
  configuration: Configuration | null;
  actions: Actions;
  /** Whether something may be pressed: the visitor agreed, and nothing is being erased. */
  canAct: boolean;
}
