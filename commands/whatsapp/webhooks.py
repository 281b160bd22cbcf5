"""Webhooks as Meta sends them, signed.

Their shape: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/
messages. The signature: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/
create-webhook-endpoint.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from typing import Any

import httpx

PATH = "/webhooks/whatsapp/webhook"
"""Where the bot server takes them."""

SHOP_NUMBER = "31200000000"
"""The number of the shop in webhooks of this machine; Meta sends the real one."""

_ACCOUNT = "100000000000000"


def post(client: httpx.Client, address: str, app_secret: str, value: dict[str, Any]) -> httpx.Response:
    """Send a webhook.

    Args:
        client: that sends it.
        address: of the webhook, whole.
        app_secret: key of the signature.
        value: of its one change; see :func:`with_message`.

    Raises:
        httpx.HTTPError: nothing answers.
    """
    body, headers = signed(value, app_secret)
    return client.post(address, content=body, headers=headers)


def signed(value: dict[str, Any], app_secret: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a webhook.

    Args:
        value: of its one change.
        app_secret: key of the signature.
    """
    change = {"value": value, "field": "messages"}
    webhook = {"object": "whatsapp_business_account", "entry": [{"id": _ACCOUNT, "changes": [change]}]}
    body = json.dumps(webhook, ensure_ascii=False).encode()
    signature = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return body, {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}


def with_message(phone_number_id: str, sender: str, content: dict[str, Any]) -> dict[str, Any]:
    """The value of a webhook that brings a message.

    Args:
        phone_number_id: of the shop.
        sender: phone number in digits, or a business-scoped user id.
        content: see :func:`text` and :func:`button_reply`.
    """
    by_id = "." in sender
    contact = {"profile": {"name": "Proef"}, "user_id" if by_id else "wa_id": sender}
    message = {
        "from_user_id" if by_id else "from": sender,
        "id": new_id(),
        "timestamp": str(int(time.time())),
        **content,
    }
    return {**_of_shop(phone_number_id), "contacts": [contact], "messages": [message]}


def with_status(phone_number_id: str, status: dict[str, Any]) -> dict[str, Any]:
    """The value of a webhook that tells what became of a message."""
    return {**_of_shop(phone_number_id), "statuses": [status]}


def text(body: str) -> dict[str, Any]:
    """A message of text."""
    return {"type": "text", "text": {"body": body}}


def button_reply(identity: str, title: str) -> dict[str, Any]:
    """A tap on a button."""
    return {
        "context": {"from": SHOP_NUMBER, "id": new_id()},
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": identity, "title": title}},
    }


def new_id() -> str:
    """An id for a message, of the shape of Meta's."""
    return f"wamid.{uuid.uuid4().hex.upper()}"


def _of_shop(phone_number_id: str) -> dict[str, Any]:
    metadata = {"display_phone_number": SHOP_NUMBER, "phone_number_id": phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata}
