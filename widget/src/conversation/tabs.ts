import { attempt } from "../attempt";

/** What changed in another tab: what waits in the browser's memory, what the server has, or all of it is gone. */
export type Change = "waiting" | "answered" | "erased";

/** Milliseconds to wait for another tab. */
const PATIENCE = 5_000;

/** Tells the other tabs of the site that something changed, and lets one tab at a time do something. */
export class Tabs {
  private channel: BroadcastChannel | null;

  /**
   * @param origin Of the bot server.
   * @param changed Called when another tab changed something.
   */
  constructor(
    private readonly origin: string,
    changed: (what: Change) => void,
  ) {
    // Where the browser keeps nothing for a site, it may refuse this as well.
    this.channel = attempt(() => new BroadcastChannel(`kalm ${origin}`), null);
    if (this.channel) this.channel.onmessage = ({ data }: MessageEvent<Change>) => changed(data);
  }

  tell(what: Change): void {
    this.channel?.postMessage(what);
  }

  /**
   * Without a lock two tabs may do it at once: in an old browser, on a page without TLS, where the browser shuts
   * it off, or where a tab that sleeps holds it. The ids of messages prevent doubles.
   */
  async alone<Given>(action: () => Promise<Given>): Promise<Given> {
    if (!navigator.locks) return action();
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    let begun: Promise<Given> | null = null;
    const begin = () => {
      clearTimeout(timer);
      begun = action();
      return begun;
    };
    try {
      return await navigator.locks.request(`kalm ${this.origin}`, { signal: patience.signal }, begin);
    } catch {
      return begun ?? action();
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.channel?.close();
    this.channel = null; // a reply may still come, and there is an error in telling it then
  }
}
