"""Fields of parsed JSON of any shape: what is missing or of a wrong type reads as empty.

Meta adds fields and kinds without notice, and what raises here would be a visitor's message lost.
"""

from __future__ import annotations

from typing import Any

from channels.visitor import writable

LONGEST_IDENTIFIER = 256
"""Characters. Ids of reply buttons may be this long; those of messages and people are shorter."""
LONGEST_TEXT = 8192
"""Characters. WhatsApp itself takes 4096."""
_MOST_DIGITS = 11
"""Of a number: seconds since 1970 have ten digits until the year 2286."""


def field(data: object, name: str) -> Any:
    """The value of a field; None when the data is no object."""
    return data.get(name) if isinstance(data, dict) else None


def items(data: object, name: str) -> list[Any]:
    """The values of a field that holds a list."""
    value = field(data, name)
    return value if isinstance(value, list) else []


def identifier(data: object, name: str) -> str:
    """An id; "" when it is longer than ``LONGEST_IDENTIFIER``, or holds what cannot be stored.

    It is never cut or cleaned: the ids of two messages must not become one.
    """
    value = field(data, name)
    if not isinstance(value, str) or len(value) > LONGEST_IDENTIFIER or writable(value) != value:
        return ""
    return value


def phone(data: object, name: str) -> str:
    """The digits of a phone number in international form, without the plus sign."""
    digits = identifier(data, name).removeprefix("+")
    return digits if digits.isascii() and digits.isdigit() else ""


def text(data: object, name: str) -> str:
    """A text, cut at ``LONGEST_TEXT``, without what cannot be stored."""
    value = field(data, name)
    return writable(value[:LONGEST_TEXT]) if isinstance(value, str) else ""


def number(data: object, name: str) -> int:
    """A whole number of at most eleven digits, which Meta writes as a number or as a text; 0 for others."""
    value = field(data, name)
    if isinstance(value, str) and len(value) <= _MOST_DIGITS and value.isascii() and value.isdigit():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**_MOST_DIGITS:
        return value
    return 0
