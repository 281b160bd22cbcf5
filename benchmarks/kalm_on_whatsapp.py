"""Kalm with WhatsApp on free ports, with a folder of its own and a stand-in of Meta: what is measured."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter

import httpx

from benchmarks import servers
from commands.environment import rasa_environment
from commands.whatsapp import webhooks
from commands.whatsapp.received import Sent
from commands.whatsapp.serving import serving
from commands.whatsapp.stand_in import StandIn
from kalm.channel_replies import consent_hash
from kalm.privacy.pseudonyms import Pseudonyms
from kalm.settings import LOOPBACK
from storage.consents import agree
from storage.conversations import Conversations
from storage.database import Database
from storage.migrate import migrate
from storage.schema import whatsapp_inbox

_PHONE_NUMBER_ID = "100000000000001"
_SECRET = "proef"
_PATIENCE = 60.0


@dataclass
class Kalm:
    """The bot server, its action server, and the stand-in that its replies go to.

    Attributes:
        name: of the sort of database.
        address: of the webhook.
        graph: the stand-in; it tells when something arrived by ``time.perf_counter``.
        client: whose connections are kept.
    """

    name: str
    address: str
    graph: StandIn
    client: httpx.Client
    _known: Conversations
    _actions: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=lambda: count(31600000001))

    def new_visitors(self, how_many: int) -> list[str]:
        """Telephone numbers of people who agreed to a conversation and said nothing yet."""
        numbers = [str(next(self._numbers)) for _ in range(how_many)]
        for number in numbers:
            conversation_id = self._known.find_or_start("whatsapp", number)
            with self._known.database.writing() as connection:
                agree(connection, conversation_id, consent_hash(), time.time())
        return numbers

    def ask(self, visitor: str, text: str) -> Sent:
        """Bring a message and wait for its reply.

        Raises:
            httpx.HTTPStatusError: it was not taken.
            TimeoutError: no reply came.
        """
        before = len(self.replies_to(visitor))
        body, headers = webhook(visitor, text)
        self.client.post(self.address, content=body, headers=headers).raise_for_status()
        if not self.graph.wait_until(lambda: len(self.replies_to(visitor)) > before, _PATIENCE):
            raise TimeoutError(f"no reply within {_PATIENCE:g} s")
        return self.replies_to(visitor)[before]

    def replies_to(self, visitor: str) -> list[Sent]:
        """What was sent to a visitor, oldest first."""
        return [sent for sent in self.graph.sent if sent.to == visitor]

    @contextmanager
    def without_actions(self) -> Iterator[None]:
        """Stop the action server where it stands, so that Rasa waits for it in vain."""
        os.killpg(self._actions.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._actions.pid, signal.SIGCONT)

    def forget_waiting(self) -> None:
        """Forget messages that were not answered, and wait until a new one is: nothing is in its way then."""
        with self._known.database.writing() as connection:
            connection.execute(whatsapp_inbox.delete())
        self.ask(self.new_visitors(1)[0], "Wat zijn rusteloze benen?")
        self.graph.clear()


def webhook(visitor: str, text: str) -> tuple[bytes, dict[str, str]]:
    """A webhook with one message, and its headers with the signature.

    Args:
        visitor: telephone number.
        text: what is typed.
    """
    return webhooks.signed(webhooks.with_message(_PHONE_NUMBER_ID, visitor, webhooks.text(text)), _SECRET)


@contextmanager
def kalm_on_whatsapp(name: str, folder: Path, database_address: str) -> Iterator[Kalm]:
    """Start Kalm, and end it afterwards.

    Args:
        name: of the sort of database.
        folder: that exists and is empty.
        database_address: as in ``KALM_DATABASE``, of a database that is empty or does not exist.
    """
    migrate(database_address)
    key = secrets.token_bytes(32)
    graph = StandIn(_SECRET, _PHONE_NUMBER_ID, clock=perf_counter)
    bot_port, actions_port = servers.free_ports(2)
    database = Database(database_address)
    processes: list[subprocess.Popen[bytes]] = []
    with serving(graph) as graph_address, httpx.Client(timeout=_PATIENCE) as client:
        # KALM_WEB_PORT stays that of this process: the text that one agrees to names the web app.
        environment = {
            **rasa_environment(),
            "KALM_VAR": str(folder),
            "KALM_DATABASE": database_address,
            "KALM_PSEUDONYM_KEY": key.hex(),
            "KALM_BOT_PORT": str(bot_port),
            "KALM_ACTIONS_PORT": str(actions_port),
            "KALM_WHATSAPP_PHONE_NUMBER_ID": _PHONE_NUMBER_ID,
            "KALM_WHATSAPP_ACCESS_TOKEN": _SECRET,
            "KALM_WHATSAPP_APP_SECRET": _SECRET,
            "KALM_WHATSAPP_VERIFY_TOKEN": _SECRET,
            "KALM_WHATSAPP_GRAPH_URL": graph_address,
        }
        try:
            ready = {"actions": f"{actions_port}/health", "bot": f"{bot_port}/webhooks/rest/ready"}
            started = {name: servers.start(name, folder / f"{name}.log", environment) for name in ready}
            processes += started.values()
            for name, path in ready.items():
                address = f"http://{LOOPBACK}:{path}"
                servers.wait_for(client, started[name], address, folder / f"{name}.log")
            address = f"http://{LOOPBACK}:{bot_port}{webhooks.PATH}"
            known = Conversations(database, Pseudonyms([key]))
            yield Kalm(name, address, graph, client, known, processes[0])
        finally:
            for process in processes:
                servers.end(process)
            database.close()
