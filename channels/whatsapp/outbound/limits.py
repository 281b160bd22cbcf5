"""One message to WhatsApp, and everything Meta limits about it.

Each limit names its page below https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/
(known from stored copies of late 2025 and 2026). A message over a limit is refused whole, and the visitor
would hear nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kalm.limits import LONGEST_BUTTON

LONGEST_TEXT = 4096
"""Characters of a message without choices (text-messages)."""

LONGEST_BUTTONS_TEXT = 1024
"""Characters above reply buttons (interactive-reply-buttons-messages)."""

MOST_BUTTONS = 3
"""Reply buttons in a message (interactive-reply-buttons-messages)."""

LONGEST_BUTTON_TITLE = LONGEST_BUTTON
"""Characters on a reply button (interactive-reply-buttons-messages)."""

LONGEST_BUTTON_ID = 256
"""Characters of what a reply button sends back (interactive-reply-buttons-messages)."""

LONGEST_LIST_TEXT = 4096
"""Characters above a list (interactive-list-messages)."""

LONGEST_LIST_BUTTON = 20
"""Characters on what opens a list (interactive-list-messages)."""

MOST_ROWS = 10
"""Rows in a list, of all its sections together (interactive-list-messages)."""

LONGEST_ROW_TITLE = 24
"""Characters of the title of a row (interactive-list-messages)."""

LONGEST_ROW_DESCRIPTION = 72
"""Characters below the title of a row (interactive-list-messages)."""

LONGEST_ROW_ID = 200
"""Characters of what a row sends back (interactive-list-messages)."""

LONGEST_ADVISED = 1600
"""Characters of a text. No rule of Meta's: the sending service 360dialog advises to stay below it."""


class LimitError(ValueError):
    """A message that Meta would refuse. It names the limit and the figures, never what the message says."""


@dataclass(frozen=True)
class Choice:
    """Something to press.

    Attributes:
        id: what pressing it sends back.
        title: what stands on it.
        description: what stands below the title in a list; reply buttons have none.
    """

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One WhatsApp message.

    Attributes:
        text: in WhatsApp's own formatting.
        choices: what can be pressed.
        list_button: what opens the list of choices; "" when the choices are reply buttons.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    list_button: str = ""


def length(text: str) -> int:
    """How long a text is, in UTF-16 units: Meta does not say what it counts, and this is never too few."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check(message: Outgoing) -> None:
    """Refuse what Meta would refuse.

    Raises:
        LimitError: it breaks a limit.
    """
    if fault := next(_faults(message), ""):
        raise LimitError(fault)


def fits(message: Outgoing) -> bool:
    """Whether Meta would take the message."""
    return not any(_faults(message))


def _faults(message: Outgoing) -> Iterator[str]:
    choices = message.choices
    if not choices:
        yield from _text("the text", message.text, LONGEST_TEXT)
    elif message.list_button:
        yield from _text("the text above a list", message.text, LONGEST_LIST_TEXT)
        yield from _text("what opens the list", message.list_button, LONGEST_LIST_BUTTON)
        yield from _number("rows", choices, MOST_ROWS)
        for choice in choices:
            yield from _text("the title of a row", choice.title, LONGEST_ROW_TITLE)
            yield from _text("the id of a row", choice.id, LONGEST_ROW_ID)
            if choice.description:
                yield from _text("the description of a row", choice.description, LONGEST_ROW_DESCRIPTION)
    else:
        yield from _text("the text above reply buttons", message.text, LONGEST_BUTTONS_TEXT)
        yield from _number("reply buttons", choices, MOST_BUTTONS)
        for choice in choices:
            yield from _text("the title of a reply button", choice.title, LONGEST_BUTTON_TITLE)
            yield from _text("the id of a reply button", choice.id, LONGEST_BUTTON_ID)
    yield from _different("titles", [choice.title for choice in choices])
    yield from _different("ids", [choice.id for choice in choices])
    if any(choice.id != choice.id.strip() for choice in choices):
        yield "an id has spaces around it"


def _text(name: str, text: str, longest: int) -> Iterator[str]:
    if not text.strip():
        yield f"{name} is empty"
    if length(text) > longest:
        yield f"{name} is {length(text)} characters; at most {longest} fit"


def _number(name: str, choices: Sequence[Choice], most: int) -> Iterator[str]:
    if len(choices) > most:
        yield f"there are {len(choices)} {name}; at most {most} fit"


def _different(name: str, texts: Sequence[str]) -> Iterator[str]:
    if len(set(texts)) < len(texts):
        yield f"two choices have the same {name.removesuffix('s')}"
