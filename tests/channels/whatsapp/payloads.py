"""Bodies as Meta posts them to the webhook, for tests that need their own. Shapes are in tests/fixtures."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

PHONE_NUMBER_ID = "106540352242922"
"""The shop's number, in the fixtures too."""
PHONE = "31600000001"
AT = 1_790_000_000

Json = dict[str, Any]


def text_message(text: str, *, id: str, phone: str = PHONE, user_id: str = "", at: int = AT) -> Json:
    """A typed message; an empty phone or user id is left out, as Meta does."""
    return _message(id, phone, user_id, at, type="text", text={"body": text})


def button_reply(
    chosen: str, title: str, *, id: str, phone: str = PHONE, user_id: str = "", at: int = AT
) -> Json:
    """A pressed reply button."""
    pressed = {"type": "button_reply", "button_reply": {"id": chosen, "title": title}}
    return _message(id, phone, user_id, at, type="interactive", interactive=pressed)


def list_reply(
    chosen: str, title: str, *, id: str, phone: str = PHONE, user_id: str = "", at: int = AT
) -> Json:
    """A chosen row of a list."""
    pressed = {"type": "list_reply", "list_reply": {"id": chosen, "title": title}}
    return _message(id, phone, user_id, at, type="interactive", interactive=pressed)


def status(
    id: str,
    name: str,
    *,
    phone: str = PHONE,
    user_id: str = "",
    reply: str = "",
    error: int = 0,
    at: int = AT,
) -> Json:
    """What became of a message that was sent.

    Args:
        id: of the sent message.
        name: "sent", "delivered", "read" or "failed".
        phone: of who got it.
        user_id: of who got it.
        reply: what was given along with the message.
        error: code of what went wrong; 0 for nothing.
        at: seconds since 1970.
    """
    found: Json = {"id": id, "status": name, "timestamp": str(at)}
    found |= _told(recipient_id=phone, recipient_user_id=user_id, biz_opaque_callback_data=reply)
    if error:
        found["errors"] = [{"code": error, "title": "Error", "error_data": {"details": "Made up."}}]
    return found


def contact(phone: str = PHONE, user_id: str = "", name: str = "Verzonnen Naam") -> Json:
    """What Meta tells of who wrote, beside the message."""
    return {"profile": {"name": name}, **_told(wa_id=phone, user_id=user_id)}


def webhook(
    messages: Iterable[Json] = (),
    statuses: Iterable[Json] = (),
    contacts: Iterable[Json] | None = None,
    phone_number_id: str = PHONE_NUMBER_ID,
) -> Json:
    """A whole body with one change.

    Args:
        messages: of visitors.
        statuses: of sent messages.
        contacts: by default one for each person who wrote.
        phone_number_id: which number of the shop it is about.
    """
    messages, statuses = list(messages), list(statuses)
    if contacts is None:
        people = dict.fromkeys((one.get("from", ""), one.get("from_user_id", "")) for one in messages)
        contacts = [contact(phone, user_id) for phone, user_id in people]
    value: Json = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "31600000000", "phone_number_id": phone_number_id},
    }
    value |= _told(contacts=list(contacts), messages=messages, statuses=statuses)
    changes = [{"value": value, "field": "messages"}]
    return {"object": "whatsapp_business_account", "entry": [{"id": "100000000000001", "changes": changes}]}


def signed(body: Json | bytes, secret: str) -> tuple[bytes, dict[str, str]]:
    """A body as it goes over the line, with the headers that Meta gives along.

    Args:
        body: as data, or as the raw bytes.
        secret: of the app.
    """
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return raw, {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}


def _message(id: str, phone: str, user_id: str, at: int, **others: Any) -> Json:
    return {**_told(**{"from": phone, "from_user_id": user_id}), "id": id, "timestamp": str(at), **others}


def _told(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value}
