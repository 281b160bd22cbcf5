"""WhatsApp: complete or wholly absent. Meta is not called."""

from __future__ import annotations

from collections.abc import Iterator

from commands.doctor.finding import Finding, fault, good, warning
from commands.doctor.look import Look
from kalm.settings import FOR_WHATSAPP, Settings

_DOCS = "docs/whatsapp.md"


def look(looked: Look) -> Iterator[Finding]:
    """Which settings lack."""
    missing = looked.settings.missing_for_whatsapp
    if len(missing) == len(FOR_WHATSAPP):
        yield good("WhatsApp is off: none of its settings is set")
        return
    if missing:
        what = "empty while others of WhatsApp are set, so WhatsApp is off"
        yield fault(", ".join(missing), what, f"set all four, or none; see {_DOCS}")
        return
    found = list(_complete(looked))
    yield from found
    if not found:
        yield good("WhatsApp has all its settings; 'python -m kalm whatsapp verify' tries the webhook")


def _complete(looked: Look) -> Iterator[Finding]:
    if looked.settings.whatsapp_graph_url != Settings.__fields__["whatsapp_graph_url"].default:
        what = "is not Meta's address: answers do not reach visitors"
        yield warning("KALM_WHATSAPP_GRAPH_URL", what, "remove it, unless you are trying without Meta")
    if not looked.settings.public_bot_url.startswith("https:"):
        what = "is no https address, and Meta calls webhooks over https alone"
        yield warning("KALM_PUBLIC_BOT_URL", what, f"put a proxy with https before the bot; see {_DOCS}")
