"""WhatsApp's own formatting: making it, and keeping words of others from turning into it.

WhatsApp formats what stands between two of the signs ``*``, ``_``, ``~`` and the backquote, and lines that
begin as a list or a quotation (https://faq.whatsapp.com/539178204879377). There is no way to escape a sign,
and where it counts, beside a letter or a bracket, is written nowhere. So each gives way to one like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LOOKALIKES = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u2019"})
"""Asterisk operator, low macron, tilde operator, and the apostrophe that a backquote mostly stands for."""

_JOINER = "\u2060"
"""Has no width and is no space: what stands behind it no longer begins the line."""

_ADDRESS = re.compile(
    r"https?://\S+"
    r"|\bwww\.[^\s*~`]+"
    r"|\b[^\W_][\w.+-]*@[\w.-]*[^\W_]"
    r"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/[^\s*~`]*",
    re.IGNORECASE,
)
"""Web and mail addresses: another sign in one of them leads elsewhere."""

_BEGINS_A_BLOCK = re.compile(r"^[^\S\n]*(?:>|- |\d+\. )", re.MULTILINE)
"""Of a quotation or a list. The asterisk is no longer there."""

ITEM = "- "
"""Begins a line that is an item of a list, in articles as in WhatsApp."""


def plain(text: str, *, has_lists: bool = False) -> str:
    """A text that WhatsApp shows as it is. Web and mail addresses stay as they are, whatever they hold.

    Args:
        text: of an article, an editor or a setting.
        has_lists: lines that begin with ``ITEM`` are items of a list, and stay so.
    """
    pieces, done = [], 0
    for address in _ADDRESS.finditer(text):
        pieces += [text[done : address.start()].translate(_LOOKALIKES), address[0]]
        done = address.end()
    pieces.append(text[done:].translate(_LOOKALIKES))

    def begin(found: re.Match[str]) -> str:
        return found[0] if has_lists and found[0] == ITEM else f"{_JOINER}{found[0]}"

    return _BEGINS_A_BLOCK.sub(begin, "".join(pieces))


def bold(text: str) -> str:
    """A text as one bold line."""
    return _between("*", text)


def italic(text: str) -> str:
    """A text as one line in italics."""
    return _between("_", text)


def with_bold(text: str, numbers: Iterable[str]) -> str:
    """A text in which some telephone numbers are bold.

    Only a number that stands by itself: not the 112 of 1120, the 113 of 0800-0113 and 113.nl, or part of an
    address. Beside a bracket or a quotation mark not every app makes bold, and would show the signs.

    Args:
        text: as :func:`plain` gives it.
        numbers: as they stand in the text.
    """
    either = "|".join(map(re.escape, numbers))
    return re.sub(rf"(?<!\S)({either})(?=[.,;:!?]*(?!\S))", r"*\1*", text) if either else text


def _between(sign: str, text: str) -> str:
    """One line between two signs; as it is where an address in it holds that sign."""
    line = plain(" ".join(text.split()))
    return line if sign in line or not line else f"{sign}{line}{sign}"
