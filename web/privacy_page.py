"""The page that tells visitors what happens with what they type; ``docs/privacy.md`` tells the shop more."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from kalm.settings import settings
from web.pages import render


async def show(request: Request) -> Response:
    """The page, with the days that hold here."""
    chosen = settings()
    has_loose_messages = chosen.longest_days > chosen.conversation_days
    return render(
        request,
        "privacy.html",
        shop=chosen.shop_name,
        contact=chosen.contact,
        conversation_time=_in_words(chosen.conversation_days),
        review_time=_in_words(chosen.longest_days) if has_loose_messages else "",
        log_time=_in_words(chosen.log_days),
        has_whatsapp=not chosen.missing_for_whatsapp,
    )


def _in_words(days: int) -> str:
    return "1 dag" if days == 1 else f"{days} dagen"
