import type { Configuration } from "../conversation/replies";
import type { Strings } from "../strings";

/** What the visitor can do in the panel. */
export interface Actions {
  send(text: string, chosen: boolean): void;
  sendAgain(id: string): void;
  takeBack(id: string): void;
  copy(text: string, number: number): void;
  judge(number: number, helped: boolean, reason?: string): void;
}

/** What each part of the panel is drawn with. */
export interface Context {
  strings: Strings;
  configuration: Configuration | null;
  actions: Actions;
  /** Whether something may be pressed: the visitor agreed, and nothing is being erased. */
  canAct: boolean;
  /** Number of the answer of which the visitor is asked what was wrong, 0 for none. */
  askingWhy: number;
  /** Number of the answer that was copied just now, 0 for none. */
  copied: number;
}
