import type { Line } from "../conversation/lines";
import type { MessageKept } from "../conversation/replies";
import type { Strings } from "../strings";
import { Announcer } from "./announcer";
import { plain } from "./text";

/** What is read aloud to who cannot see it, once. */
export class Voice {
  private readonly announcer: Announcer;
  private readonly told = new Map<string, string>();

  /**
   * @param region Gives the live region of the panel, or of the page while the panel is closed.
   * @param strings Gives the words of the element.
   */
  constructor(
    region: () => Element | null,
    private readonly strings: () => Strings,
  ) {
    this.announcer = new Announcer(region);
  }

  say(text: string): void {
    this.announcer.say(text);
  }

  /** @param isOpen A closed panel only says that there is an answer. */
  answer({ replies }: Pick<MessageKept, "replies">, isOpen: boolean): void {
    if (!isOpen) this.say(this.strings().new_answer);
    else for (const reply of replies) this.say(plain(reply, this.strings()));
  }

  /** @param isOpen A closed panel only says that there is an answer. */
  failure({ replies, fault }: Line, isOpen: boolean): void {
    if (isOpen) this.say(fault);
    this.answer({ replies }, isOpen);
  }

  /**
   * Words that stand there for a while: they are said when they change.
   *
   * @param subject What they are about.
   * @param words "" while there is nothing to say of it.
   */
  standing(subject: string, words: string): void {
    if (words !== (this.told.get(subject) ?? "")) this.say(words);
    this.told.set(subject, words);
  }
}
