"""What a visitor's message on WhatsApp is, and what it says: the part of a message that differs by its type.

Only what Kalm answers is read. Names, places, addresses of media, emoji of reactions and orders stay behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from channels.whatsapp.inbound.json_fields import field, identifier, text


class Kind(str, Enum):
    """What sort of message a visitor sent.

    Two of them tell of an earlier message: ``EDIT`` that it was changed, ``DELETION`` that it was taken back.
    ``UNSUPPORTED`` is what Meta does not hand over, such as a poll; ``UNKNOWN`` is what Kalm does not know.
    """

    TEXT = "text"
    BUTTON = "button"
    BUTTON_REPLY = "button_reply"
    LIST_REPLY = "list_reply"
    IMAGE = "image"
    AUDIO = "audio"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    ORDER = "order"
    SYSTEM = "system"
    EDIT = "edit"
    DELETION = "deletion"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Content:
    """What a message says.

    Attributes:
        kind: what sort of message it is.
        text: what was typed, the caption of media, or the title of what was pressed; "" for none.
        chosen: id of what was pressed; "" for none.
    """

    kind: Kind
    text: str = ""
    chosen: str = ""


_PLAIN = {
    "sticker": Kind.STICKER,
    "location": Kind.LOCATION,
    "contacts": Kind.CONTACTS,
    "reaction": Kind.REACTION,
    "system": Kind.SYSTEM,
    "request_welcome": Kind.SYSTEM,  # somebody opened the chat, and typed nothing yet
    "revoke": Kind.DELETION,
    "unsupported": Kind.UNSUPPORTED,
}
"""Types of which no word is read."""
_TYPED = {
    "text": (Kind.TEXT, "body"),
    "image": (Kind.IMAGE, "caption"),
    "video": (Kind.VIDEO, "caption"),
    "document": (Kind.DOCUMENT, "caption"),
    "order": (Kind.ORDER, "text"),
}
"""Types with words of the visitor, and the field that holds them."""
_PRESSED = {"button_reply": Kind.BUTTON_REPLY, "list_reply": Kind.LIST_REPLY}


def content_of(message: object) -> Content:
    """What a message is and says.

    Args:
        message: one of ``messages``, of any shape.
    """
    name = identifier(message, "type")
    part = field(message, name)
    if name in _PLAIN:
        return Content(_PLAIN[name])
    if name in _TYPED:
        return Content(_TYPED[name][0], _typed(message))
    if name == "audio":
        return Content(Kind.VOICE if field(part, "voice") is True else Kind.AUDIO)
    if name == "button":
        return Content(Kind.BUTTON, text(part, "text"), identifier(part, "payload"))
    if name == "interactive":
        return _pressed(part)
    if name == "edit":
        return Content(Kind.EDIT, _typed(field(part, "message")))
    return Content(Kind.UNKNOWN)


def _typed(message: object) -> str:
    name = identifier(message, "type")
    return text(field(message, name), _TYPED[name][1]) if name in _TYPED else ""


def _pressed(interactive: object) -> Content:
    """A reply button or a row of a list; a filled-in form, for example, is interactive too."""
    name = identifier(interactive, "type")
    if name not in _PRESSED:
        return Content(Kind.UNKNOWN)
    part = field(interactive, name)
    return Content(_PRESSED[name], text(part, "title"), identifier(part, "id"))
