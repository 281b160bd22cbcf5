"""A shop that does not exist, to see the chat where it belongs: on the pages of a shop.

What these pages say of products is bound by the law on health claims, like every text of a real shop; a test
reads them with the rules of ``data/safety/claims.yml``.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from web.chat_element import render_with_chat


async def show_home(request: Request) -> Response:
    """The shop's home: its products, who it is, how it would deliver."""
    return render_with_chat(request, "shop/home.html")


async def show_flakes(request: Request) -> Response:
    """The page of one product."""
    return render_with_chat(request, "shop/magnesium_flakes.html")
