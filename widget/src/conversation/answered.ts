import { type History, isApology, type MessageKept } from "./replies";

/** The messages that the server has, as far as they were read. */
export class Answered {
  messages: MessageKept[] = [];
  /** Up to this number all were read; one that was sent from here may come after some of another tab. */
  private complete = 0;

  /** Number of the last one, 0 for none. */
  get last(): number {
    return this.messages.at(-1)?.number ?? 0;
  }

  /** Whether there may be messages before the last one that were never read. */
  get hasGap(): boolean {
    return this.last > this.complete;
  }

  /** Take one in; a message that was sent again after an apology has a new number and comes once. */
  take(message: MessageKept): void {
    const isNew = this.messages.every((one) => one.id !== message.id);
    if (isNew && message.number > 0 && message.number <= this.complete) this.forget(); // the server began anew
    const others = this.messages.filter((one) => one.id !== message.id && one.number > 0);
    this.messages = [...others, message].sort((one, other) => one.number - other.number);
    if (message.number === this.complete + 1) this.complete = message.number;
  }

  forget(): void {
    this.messages = [];
    this.complete = 0;
  }

  /**
   * Read what is new. The last known message is read once more: is it another one, then the server
   * began anew and what is shown here is of before.
   *
   * @param read Gives a page of messages after a number.
   */
  async read(read: (after: number) => Promise<History>): Promise<void> {
    const last = this.messages.filter((message) => message.number <= this.complete).at(-1);
    let page = await read(Math.max(0, (last?.number ?? 0) - 1));
    if (last && last.number > 0 && page.messages[0]?.id !== last.id) {
      this.forget();
      if (last.number > 1) page = await read(0);
    }
    for (;;) {
      for (const message of page.messages) this.take(message);
      this.complete = page.messages.at(-1)?.number ?? this.complete;
      if (!page.more) return;
      page = await read(this.complete);
    }
  }

  /** A message, once there is more to it than an apology. */
  answer(id: string): MessageKept | undefined {
    return this.messages.find((message) => message.id === id && !message.replies.every(isApology));
  }
}
