"""The headers that every page carries; a page with the chat may also talk to the bot server."""

from __future__ import annotations

from starlette.responses import Response

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src {connect}; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    # Lit, which the chat element is made with, is the one that may make markup of a text; twice, where the
    # script stands on a page twice.
    "require-trusted-types-for 'script'; trusted-types lit-html 'allow-duplicates'"
)
_POLICY_NAME = "Content-Security-Policy"
_OTHERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


def allow_chat(response: Response, origin: str) -> None:
    """Let a page talk to the bot server besides its own.

    Args:
        response: the page.
        origin: of the bot server; never a host that only a request names.
    """
    response.headers[_POLICY_NAME] = _POLICY.format(connect=f"'self' {origin}")


def add_headers(response: Response) -> None:
    """Put every header on a response that it does not carry yet."""
    for name, value in {_POLICY_NAME: _POLICY.format(connect="'self'"), **_OTHERS}.items():
        response.headers.setdefault(name, value)
