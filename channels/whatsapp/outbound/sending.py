"""Sending, with pywa: one message, or the sign that one was read and is being answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from pywa.types import Button, Section, SectionList, SectionRow
from pywa_async import WhatsApp

from channels.whatsapp.outbound.rendering import Outgoing
from kalm.settings import Settings

VERSION = "26.0"
"""Of the Graph API: the newest that this pywa knows."""

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
"""Seconds for each step of a request; how long all of them may take, whoever sends decides."""


class GraphClient:
    """Sends from the shop's number."""

    def __init__(self, chosen: Settings) -> None:
        """Prepare to send; nothing is opened yet.

        Args:
            chosen: with the number, the token and the address of Meta.
        """
        self._from = chosen.whatsapp_phone_number_id
        self._session = httpx.AsyncClient(timeout=TIMEOUT)
        self._whatsapp = WhatsApp(
            phone_id=self._from,
            token=chosen.whatsapp_access_token.get_secret_value(),
            session=self._session,
            api_version=VERSION,
        )
        self._session.base_url = f"{chosen.whatsapp_graph_url}/v{VERSION}"

    async def send(self, address: Mapping[str, str], message: Outgoing, reply_id: str) -> str:
        """Send a message; gives Meta's id of it.

        Args:
            address: Meta's ids of who wrote; the number counts when both are known, as Meta does it.
            message: within Meta's limits.
            reply_id: which Meta repeats when it tells what became of the message.

        Raises:
            pywa.errors.WhatsAppError: Meta refused it.
            httpx.HTTPError: Meta could not be reached, or did not answer.
            ValueError, LookupError, TypeError: Meta answered something that cannot be read.
        """
        kind, content = _content(message)
        # Not pywa's own `send_message`: it takes a user id that has letters for the id of a group (4.5.0).
        answer = await self._whatsapp.api.send_message(
            sender=self._from,
            to=address["phone"] or None,
            recipient=None if address["phone"] else address["user_id"],
            recipient_type="individual",
            typ=kind,
            msg=content,
            biz_opaque_callback_data=reply_id,
        )
        return str(answer["messages"][0]["id"])

    async def show_reading(self, message_id: str) -> None:
        """Give a message blue ticks, and show that an answer is being written.

        Args:
            message_id: Meta's id of the visitor's message.

        Raises:
            pywa.errors.WhatsAppError: Meta refused it.
            httpx.HTTPError: Meta could not be reached, or did not answer.
            ValueError, LookupError, TypeError: Meta answered something that cannot be read.
        """
        await self._whatsapp.indicate_typing(message_id=message_id)

    async def close(self) -> None:
        """Close what is open."""
        await self._session.aclose()


def _content(message: Outgoing) -> tuple[str, dict[str, Any]]:
    """Meta's type of a message and what goes into it."""
    if not message.choices:
        return "text", {"body": message.text, "preview_url": False}
    sort, action = _choices(message)
    return "interactive", {"type": sort, "body": {"text": message.text}, "action": action}


def _choices(message: Outgoing) -> tuple[str, dict[str, Any]]:
    if not message.list_button:
        buttons = [Button(title=choice.title, callback_data=choice.id) for choice in message.choices]
        return "button", {"buttons": [button.to_dict() for button in buttons]}
    rows = [
        SectionRow(title=choice.title, callback_data=choice.id, description=choice.description or None)
        for choice in message.choices
    ]
    section = Section(title=message.list_button, rows=rows)
    return "list", SectionList(button_title=message.list_button, sections=[section]).to_dict()
