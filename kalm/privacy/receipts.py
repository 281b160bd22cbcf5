"""The receipt number of an erasure: to be read from a screen and spelled over the telephone."""

from __future__ import annotations

import re
import secrets

_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""Without vowels, so that no word appears, and without what looks alike (0 and O, 1 and L)."""

RECEIPT = re.compile(rf"K-[{_LETTERS}]{{4}}-[{_LETTERS}]{{4}}")
"""How a receipt number looks, "K-7F3Q-29XM"."""


def new_receipt() -> str:
    """A number of 38 random bits: enough to be found back by, and it opens nothing."""
    first, second = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    return f"K-{first}-{second}"
