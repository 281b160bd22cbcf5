"""Whole numbers as they come in: out of an address or a form."""

from __future__ import annotations

from collections.abc import Iterable

LARGEST = 2**63 - 1
"""That a column holds."""

_MOST_DIGITS = len(str(LARGEST))


def whole_number(written: str) -> int | None:
    """What is written in digits, up to :data:`LARGEST`; None for anything else."""
    if not (written.isascii() and written.isdecimal() and len(written) <= _MOST_DIGITS):
        return None
    number = int(written)
    return number if number <= LARGEST else None


def versions(written: Iterable[str]) -> dict[int, int]:
    """Versions by message, each written as ``message:version``; what is written otherwise is left out."""
    found: dict[int, int] = {}
    for one in written:
        message_id, _, version = one.partition(":")
        pair = whole_number(message_id), whole_number(version)
        if pair[0] is not None and pair[1] is not None:
            found[pair[0]] = pair[1]
    return found
