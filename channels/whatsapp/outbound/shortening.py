"""Passages that are too long for one message, cut at the end of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from channels.whatsapp.outbound.formatting import ITEM

_STOP = re.compile(r"[.?!][\"”’)]*(?=\s+[\"“‘„(]?[A-ZÀ-ÖØ-Þ])|(?=\n)")
"""Where a sentence may end: a stop with a capital letter behind it, or the end of a line."""

_ENDS_A_LINE = re.compile(r"[.?!][\"”’)]*$")
_NO_STOP = re.compile(
    r"(?<![^\W\d_])(?:[^\W\d_]|bijv|bv|dr|drs|prof|mr|mw|mevr|dhr|ds|ir|ing|nr|blz|art|ca|vgl|resp|max|min"
    r"|incl|excl|evt|vs|st|jr|sr)\.$",
    re.IGNORECASE,
)
"""Abbreviations before a capital letter: "dr. Jansen", "J. Jansen", "o.a. Magnesium". "Vitamine D." looks the
same; then there is one place less to cut."""

_LEAST_OF_PARAGRAPHS = 2 / 3
"""Share of a cut text that may go besides, so that it ends with a paragraph."""


def shorten(texts: Sequence[str], fits: Callable[[Sequence[str]], bool]) -> list[str]:
    """Take sentences off the ends, of the last text first, until it fits or nothing is left.

    The first text is what was asked for. A list stays whole or goes: "vraag het je arts als je:" may not lose
    who is meant.

    Args:
        texts: paragraphs are separated by a blank line, items of a list begin with "- ".
        fits: whether texts are short enough.
    """
    kept = list(texts)
    while any(kept) and not fits(kept):
        last = max(place for place, text in enumerate(kept) if text)
        kept[last] = _without_last_sentence(kept[last])
    return [
        now if now == text else _whole_paragraphs(text, now) for text, now in zip(texts, kept, strict=True)
    ]


def _without_last_sentence(text: str) -> str:
    ends = [stop.end() for stop in _STOP.finditer(text.rstrip()) if _is_end(text, stop.end())]
    return text[: ends[-1]].rstrip() if ends else ""


def _is_end(text: str, end: int) -> bool:
    line = text[:end].rpartition("\n")[2]
    if text[end] != "\n":
        return not line.startswith(ITEM) and _NO_STOP.search(line) is None
    if not line.strip() or line.rstrip().endswith(":") or text[end:].lstrip("\n").startswith(ITEM):
        return False
    ends_a_paragraph = not text[end:].partition("\n")[2].partition("\n")[0].strip()
    return ends_a_paragraph or line.startswith(ITEM) or _ENDS_A_LINE.search(line) is not None


def _whole_paragraphs(text: str, cut: str) -> str:
    """A cut text, ended with a whole paragraph where that leaves most of it."""
    if text[len(cut) :].startswith("\n\n"):
        return cut
    end = cut.rfind("\n\n")
    enough = end >= len(cut) * _LEAST_OF_PARAGRAPHS
    return cut[:end] if enough and not cut[:end].rstrip().endswith(":") else cut
