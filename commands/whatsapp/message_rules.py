"""What Meta takes for a message, with numbers of its own: it checks what Kalm's channel knows of them.

Where the numbers come from:

- text: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages
- buttons: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/
  interactive-reply-buttons-messages
- lists: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/
  interactive-list-messages
- the fields around them: https://developers.facebook.com/documentation/business-messaging/whatsapp/
  reference/whatsapp-business-phone-number/message-api
- ids of users: https://developers.facebook.com/documentation/business-messaging/whatsapp/
  business-scoped-user-ids

Lengths are counted in characters of Unicode; Meta does not say how it counts an emoji.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from commands.whatsapp.graph_errors import (
    INVALID_PARAMETER,
    INVALID_VALUE,
    MISSING_PARAMETER,
    UNSUPPORTED_TYPE,
    GraphError,
)

PHONE = re.compile(r"\+?[0-9]{7,15}")
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
"""Business-scoped user id: a country, a dot, letters and digits."""

_FIELDS = {
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "text",
    "interactive",
}


def check_message(message: dict[str, Any]) -> None:
    """Refuse what Meta refuses.

    Raises:
        GraphError: it breaks a rule; the details name the field.
    """
    unknown = sorted(message.keys() - _FIELDS)
    if unknown:
        raise GraphError(INVALID_PARAMETER, f"unsupported or misspelled parameters: {', '.join(unknown)}")
    if message.get("messaging_product") != "whatsapp":
        raise GraphError(INVALID_PARAMETER, "messaging_product must be 'whatsapp'")
    recipient_of(message)
    if "biz_opaque_callback_data" in message:
        _text(message, "biz_opaque_callback_data", "", 512)
    if "context" in message:
        _text(_object(message, "context", ""), "message_id", "context", 128)
    kind = message.get("type", "text")
    if kind == "text":
        _text(_object(message, "text", ""), "body", "text", 4096)
    elif kind == "interactive":
        _check_interactive(_object(message, "interactive", ""))
    else:
        raise GraphError(UNSUPPORTED_TYPE, f"type {kind!r} is none of text and interactive")


def recipient_of(message: dict[str, Any]) -> str:
    """Who a message goes to: a phone number in digits, or else a business-scoped user id.

    Raises:
        GraphError: there is nobody, or neither a number nor an id.
    """
    if message.get("recipient_type", "individual") != "individual":
        raise GraphError(INVALID_VALUE, "recipient_type must be 'individual'")
    for field, shape in (("to", PHONE), ("recipient", USER_ID)):  # "to" goes before
        if message.get(field):
            if not shape.fullmatch(str(message[field])):
                raise GraphError(INVALID_VALUE, f"{field} is not valid")
            return str(message[field]).lstrip("+")
    raise GraphError(MISSING_PARAMETER, "to or recipient is missing")


def _check_interactive(interactive: dict[str, Any]) -> None:
    kind = interactive.get("type")
    if kind not in ("button", "list"):
        raise GraphError(UNSUPPORTED_TYPE, f"interactive.type {kind!r} is none of button and list")
    longest = 1024 if kind == "button" else 4096
    _text(_object(interactive, "body", "interactive"), "text", "interactive.body", longest)
    if "header" in interactive:
        header = _object(interactive, "header", "interactive")
        if header.get("type") != "text":
            raise GraphError(INVALID_VALUE, "interactive.header.type must be 'text'")
        _text(header, "text", "interactive.header", 60)
    if "footer" in interactive:
        _text(_object(interactive, "footer", "interactive"), "text", "interactive.footer", 60)
    action = _object(interactive, "action", "interactive")
    if kind == "button":
        _check_buttons(action)
    else:
        _check_list(action)


def _check_buttons(action: dict[str, Any]) -> None:
    field = "interactive.action.buttons"
    buttons = _several(action, "buttons", "interactive.action", 3)
    replies = []
    for number, button in enumerate(buttons):
        place = f"{field}[{number}]"
        if not isinstance(button, dict) or button.get("type") != "reply":
            raise GraphError(INVALID_VALUE, f"{place}.type must be 'reply'")
        reply = _object(button, "reply", place)
        _text(reply, "title", f"{place}.reply", 20)
        identity = _text(reply, "id", f"{place}.reply", 256)
        if identity != identity.strip():
            raise GraphError(INVALID_VALUE, f"{place}.reply.id has spaces around it")
        replies.append(reply)
    _all_different([reply["id"] for reply in replies], f"{field}.reply.id")
    _all_different([reply["title"] for reply in replies], f"{field}.reply.title")


def _check_list(action: dict[str, Any]) -> None:
    _text(action, "button", "interactive.action", 20)
    field = "interactive.action.sections"
    sections = _several(action, "sections", "interactive.action", 10)
    identities: list[str] = []
    for number, section in enumerate(sections):
        place = f"{field}[{number}]"
        if not isinstance(section, dict):
            raise GraphError(INVALID_VALUE, f"{place} must be an object")
        if len(sections) > 1 or section.get("title"):
            _text(section, "title", place, 24)
        for row_number, row in enumerate(_several(section, "rows", place, 10)):
            row_place = f"{place}.rows[{row_number}]"
            if not isinstance(row, dict):
                raise GraphError(INVALID_VALUE, f"{row_place} must be an object")
            _text(row, "title", row_place, 24)
            identities.append(_text(row, "id", row_place, 200))
            if row.get("description"):
                _text(row, "description", row_place, 72)
    if len(identities) > 10:
        raise GraphError(INVALID_VALUE, f"{field} must have at most 10 rows, it has {len(identities)}")
    _all_different(identities, f"{field}.rows.id")


def _object(parent: dict[str, Any], name: str, place: str) -> dict[str, Any]:
    field = f"{place}.{name}" if place else name
    if name not in parent:
        raise GraphError(MISSING_PARAMETER, f"{field} is missing")
    value = parent[name]
    if not isinstance(value, dict):
        raise GraphError(INVALID_VALUE, f"{field} must be an object")
    return value


def _several(parent: dict[str, Any], name: str, place: str, most: int) -> list[Any]:
    field = f"{place}.{name}"
    if name not in parent:
        raise GraphError(MISSING_PARAMETER, f"{field} is missing")
    value = parent[name]
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise GraphError(INVALID_VALUE, f"{field} must be a list of 1 to {most}")
    return value


def _text(parent: dict[str, Any], name: str, place: str, longest: int) -> str:
    field = f"{place}.{name}" if place else name
    if name not in parent:
        raise GraphError(MISSING_PARAMETER, f"{field} is missing")
    value = parent[name]
    if not isinstance(value, str) or not value.strip():
        raise GraphError(INVALID_VALUE, f"{field} must be a text that is not empty")
    if len(value) > longest:
        raise GraphError(INVALID_VALUE, f"{field} may have {longest} characters, it has {len(value)}")
    return value


def _all_different(values: Sequence[str], field: str) -> None:
    if len(set(values)) < len(values):
        raise GraphError(INVALID_VALUE, f"{field} must be unique")
