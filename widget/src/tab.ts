import { attempt } from "./attempt";

const OPEN = "kalm open";
const DRAFT = "kalm draft";

/** What this tab remembers until it is closed, so that a reload or the shop's next page goes on. */
export const tab = {
  /** Keep whether the panel is open. */
  rememberOpen(open: boolean): void {
    keep(OPEN, open ? thisPage() : "");
  },

  /** Whether to show the panel at once; on a small screen it would hide a page that the visitor just went to. */
  wasOpen(isNarrow: boolean): boolean {
    const page = kept(OPEN);
    return page !== "" && (!isNarrow || page === thisPage());
  },

  /** What was typed and not sent. */
  get draft(): string {
    return kept(DRAFT);
  },

  set draft(text: string) {
    keep(DRAFT, text);
  },
};

function thisPage(): string {
  return location.pathname + location.search;
}

/** Where it is shut off, the next page begins anew. */
function keep(name: string, text: string): void {
  attempt(() => (text ? sessionStorage.setItem(name, text) : sessionStorage.removeItem(name)), undefined);
}

function kept(name: string): string {
  return attempt(() => sessionStorage.getItem(name), null) ?? "";
}
