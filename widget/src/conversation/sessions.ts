import type { Memory } from "./memory";
import { Refused, type Server } from "./server";

/** Seconds after which a session is made to last longer. */
const RENEWED_AFTER = 24 * 60 * 60;

/** The session of a visitor who agreed, in the memory of the browser. */
export class Sessions {
  private mayRenew = true;

  constructor(
    private readonly server: Server,
    private readonly memory: Memory,
  ) {}

  /** @param consent Id of what the visitor agreed to. */
  async begin(consent: string): Promise<void> {
    if (!this.memory.session) await this.start(consent);
  }

  /** A conversation is kept as long after its last message as a session lasts: who comes back goes on. */
  async renew(): Promise<void> {
    const session = this.memory.session;
    if (!session || !this.mayRenew || session.at > Date.now() / 1000 - RENEWED_AFTER) return;
    try {
      await this.start(session.consent, session.token);
    } catch (error) {
      if (!(error instanceof Refused) || error.code !== "consent") throw error;
      this.mayRenew = false; // what was agreed to is no longer what is asked: it lasts until it ends
    }
  }

  private async start(consent: string, before = ""): Promise<void> {
    const begun = await this.server.start(consent, before);
    if ((this.memory.session?.token ?? "") !== before) return; // another tab erased it, or began one, meanwhile
    this.memory.session = { ...begun, consent, at: Date.now() / 1000 };
  }
}
