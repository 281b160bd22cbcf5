"""A person with WhatsApp, Meta between, and the real servers: what a test of the channel talks with."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from commands.whatsapp import webhooks
from commands.whatsapp.received import Sent
from commands.whatsapp.serving import serving
from commands.whatsapp.stand_in import StandIn
from kalm.channel_replies import AGREES, consent_hash
from storage.database import Database
from tests.channels.whatsapp.payloads import PHONE_NUMBER_ID, button_reply, signed, text_message, webhook
from tests.e2e.conftest import Servers, running_servers

SECRET = "een geheim dat alleen Meta kent"
VERIFY_TOKEN = "een woord van de winkel"
PATIENCE = 20.0
QUESTION = "Wat zijn rusteloze benen?"
HEADING = "*Wat RLS is*"


@dataclass
class Meta:
    """The stand-in of Meta, and the way to the bot.

    Attributes:
        graph: what was sent to it.
        servers: the running servers.
        database: theirs.
    """

    graph: StandIn
    servers: Servers
    database: Database

    @property
    def address(self) -> str:
        """Of the webhook."""
        return f"{self.servers.bot_url}{webhooks.PATH}"

    def post(self, body: dict[str, Any] | bytes, **headers: str) -> httpx.Response:
        """Post a body as Meta does, signed unless the headers say otherwise."""
        raw, own = signed(body, SECRET)
        return httpx.post(self.address, content=raw, headers={**own, **headers}, timeout=PATIENCE)

    def bring(self, *messages: dict[str, Any], **options: Any) -> None:
        """Bring messages, which must be taken."""
        answer = self.post(webhook(messages=messages, **options))
        assert answer.status_code == 200, answer.text

    def to(self, address: str) -> list[Sent]:
        """What was sent to somebody, oldest first."""
        return [one for one in self.graph.sent if one.to == address]

    def wait_for(self, address: str, count: int, patience: float = PATIENCE) -> list[Sent]:
        """Wait until so many messages were sent to somebody in all."""
        arrived = self.graph.wait_until(lambda: len(self.to(address)) >= count, patience)
        assert arrived, f"{len(self.to(address))} of {count} messages after {patience} s\n{self.log[-3000:]}"
        return self.to(address)

    @property
    def log(self) -> str:
        """What the bot wrote."""
        return self.servers.log("bot")


@dataclass
class Phone:
    """Someone with WhatsApp.

    Attributes:
        number: of the phone, "" for who shows none.
        user_id: that Meta gave to this shop, "" for none.
    """

    meta: Meta
    number: str = field(default_factory=lambda: f"316{random.randrange(10**8):08d}")
    user_id: str = ""

    @property
    def address(self) -> str:
        """Where Kalm sends to."""
        return self.number or self.user_id

    def message(self, text: str, **options: Any) -> dict[str, Any]:
        """A message as it stands in a webhook."""
        options = {"id": webhooks.new_id(), "at": int(time.time()), **options}
        return text_message(text, phone=self.number, user_id=self.user_id, **options)

    def send(self, text: str) -> None:
        """Type something."""
        self.meta.bring(self.message(text))

    def say(self, text: str) -> Sent:
        """Type something; gives the next message that comes back."""
        return self._and_read(self.message(text))

    def press(self, choice: tuple[str, str]) -> Sent:
        """Press a button; gives the next message that comes back.

        Args:
            choice: its id and title.
        """
        id_, title = choice
        options = {"phone": self.number, "user_id": self.user_id, "at": int(time.time())}
        return self._and_read(button_reply(id_, title, id=webhooks.new_id(), **options))

    def bring(self, *messages: dict[str, Any]) -> Sent:
        """Send something else than a text; gives the next message that comes back."""
        return self._and_read(*messages)

    def agree(self) -> None:
        """Agree to a conversation, without having asked anything."""
        welcome = self.press((f"{AGREES}{consent_hash()}", "Ja, dat is goed"))
        assert "Ik ben Kalm" in welcome.text

    def silence(self, seconds: float = 1.5) -> None:
        """Nothing comes for a while."""
        before = len(self.meta.to(self.address))
        self.meta.graph.wait_until(lambda: len(self.meta.to(self.address)) > before, seconds)
        assert [one.text for one in self.meta.to(self.address)[before:]] == []

    def _and_read(self, *messages: dict[str, Any]) -> Sent:
        before = len(self.meta.to(self.address))
        self.meta.bring(*messages)
        return self.meta.wait_for(self.address, before + 1)[-1]


def titles(message: Sent) -> list[str]:
    """What the buttons or rows say."""
    return [title for _, title in message.buttons]


def button(message: Sent, title: str) -> tuple[str, str]:
    """Id and title of the button with a title."""
    return next(choice for choice in message.buttons if choice[1] == title)


@contextmanager
def running_meta(
    logs: Path, database_address: str, environment: dict[str, str] | None = None
) -> Iterator[Meta]:
    """The servers with WhatsApp, and a stand-in of Meta."""
    graph = StandIn("een toegangsbewijs", PHONE_NUMBER_ID)
    with serving(graph) as graph_address:
        settings = {
            "KALM_WHATSAPP_PHONE_NUMBER_ID": PHONE_NUMBER_ID,
            "KALM_WHATSAPP_ACCESS_TOKEN": "een toegangsbewijs",
            "KALM_WHATSAPP_APP_SECRET": SECRET,
            "KALM_WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
            "KALM_WHATSAPP_GRAPH_URL": graph_address,
            **(environment or {}),
        }
        with running_servers(logs, settings) as servers:
            address = database_address or f"sqlite:///{servers.var / 'kalm.db'}"
            database = Database(address)
            yield Meta(graph, servers, database)
            database.close()


def in_order(expected: Sequence[str], sent: Sequence[Sent]) -> bool:
    """Whether each message holds what is expected at its place."""
    return len(expected) == len(sent) and all(
        part in one.text for part, one in zip(expected, sent, strict=True)
    )
