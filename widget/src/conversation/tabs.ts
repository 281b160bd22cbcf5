/** What changed in another tab: what waits in the browser's memory, or what the server has. */
export type Change = "waiting" | "answered";

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
    this.channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(`kalm ${origin}`) : null;
    if (this.channel) this.channel.onmessage = ({ data }: MessageEvent<Change>) => changed(data);
  }

  tell(what: Change): void {
    this.channel?.postMessage(what);
  }

  /** Without locks (an old browser, or a page without TLS) two tabs may do it at once; ids prevent doubles. */
  alone<Given>(action: () => Promise<Given>): Promise<Given> {
    return navigator.locks ? navigator.locks.request(`kalm ${this.origin}`, action) : action();
  }

  close(): void {
    this.channel?.close();
    this.channel = null; // a reply may still come, and there is an error in telling it then
  }
}
