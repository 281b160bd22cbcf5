"""The screens on both databases, with a team of three, and conversations as the channels store them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from kalm.settings import load_settings, settings
from review import background
from review.access import members, passwords, sessions
from review.application import create_app
from review.requests import COOKIE, PREFIX
from review.states import CandidateState, Role
from storage.database import Database
from storage.messages import Message, store
from storage.schema import candidates, conversations, messages, team_members
from tests.storage.conftest import (  # noqa: F401  (fixtures)
    address,
    database,
    migrated_postgresql,
    migrated_sqlite,
    postgresql_server,
    sort,
)
from web import create_app as create_web

PASSWORD = "paard-batterij-nietje-juist"
TEAM = {
    "bea": ("Bea Bos", Role.REVIEWER),
    "bram": ("Bram Boer", Role.REVIEWER),
    "eva": ("Eva Evers", Role.EDITOR),
    "emiel": ("Emiel Eik", Role.EDITOR),
    "hans": ("Hans Hoek", Role.ADMINISTRATOR),
}
"""Two of each role that works with messages, so that one can look at what the other did."""


REAL_HASHER = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords that cost no time: the real ones are slow on purpose, see ``tests/review/test_access.py``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda: PasswordHasher(1, 8, 1))
        yield


@cache
def _hash() -> str:
    return passwords.hash_of(PASSWORD)


@dataclass
class Colleague:
    """Somebody of the team with a browser.

    Attributes:
        client: the browser; it follows no redirects.
        csrf_token: of the session.
    """

    name: str
    client: TestClient
    csrf_token: str = ""

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a page, by its address behind ``/review``."""
        return self.client.get(f"{PREFIX}{path}", **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form, as the page would."""
        form = {"csrf_token": self.csrf_token, **(data or {})}
        return self.client.post(f"{PREFIX}{path}", data=form, **options)


@dataclass
class Shop:
    """A shop with its team and its conversations.

    Attributes:
        app: the web app with the screens.
    """

    database: Database
    app: Any
    _open: list[TestClient] = field(default_factory=list)

    def browser(self, name: str = "") -> Colleague:
        """A browser in which nobody is logged in yet."""
        client = TestClient(self.app, base_url="http://localhost", follow_redirects=False)
        self._open.append(client)
        return Colleague(name, client)

    def colleague(self, name: str) -> Colleague:
        """Somebody of :data:`TEAM` who is logged in."""
        found = self.browser(name)
        with self.database.reading() as connection:
            member = members.by_name(connection, name)
        assert member is not None
        token = sessions.start(self.database, member, time.time())
        session = sessions.find(self.database, token, time.time())
        assert session is not None
        found.client.cookies.set(COOKIE, token, path=PREFIX)
        found.csrf_token = session.csrf_token
        return found

    def conversation(
        self, *said: dict[str, Any], channel: str = "website", at: float = 0
    ) -> tuple[str, list[int]]:
        """Keep a conversation as a channel does.

        Args:
            said: each message, with what differs from :func:`message`.
            channel: name of the channel.
            at: when it began, in seconds since 1970; an hour ago by default.

        Returns:
            Its id, and the ids of its messages.
        """
        began = at or time.time() - 3600
        conversation_id = secrets.token_hex(32)
        kept = [message(channel=channel, **{"at": began + 60 * n, **one}) for n, one in enumerate(said)]
        with self.database.writing() as connection:
            connection.execute(
                conversations.insert().values(
                    id=conversation_id,
                    sender=None,
                    sender_key=None,
                    channel=channel,
                    started_at=began,
                    last_at=began + 60 * len(kept),
                    last_event=0,
                    last_message=len(kept),
                    slots={},
                )
            )
            store(connection, conversation_id, kept, 0, 120)
        with self.database.reading() as connection:
            of_it = messages.c.conversation_id == conversation_id
            ids = connection.scalars(sa.select(messages.c.id).where(of_it).order_by(messages.c.number))
            return conversation_id, list(ids)


def message(
    text: str = "wat is rls",
    intent: str = "ask_rls",
    confidence: float = 0.9,
    kind: str = "answer",
    channel: str = "website",
    at: float = 0,
    helped: bool | None = None,
    passages: tuple[str, ...] = ("rusteloze-benen-herkennen#wat-is-het",),
    ranking: tuple[tuple[str, float], ...] = (),
    entities: tuple[dict[str, Any], ...] = (),
) -> Message:
    """A visitor's message with the reply to it, as ``storage.messages`` makes it of Rasa's events."""
    payload: dict[str, Any] = {
        "kind": kind,
        "message": "" if kind == "answer" else "Dat weet ik niet.",
        "passages": [
            {
                "id": one,
                "hash": "0" * 16,
                "text": "Rusteloze benen is een aandoening.",
                "article": "Rusteloze benen herkennen",
                "section": "Wat het is",
                "url": f"http://localhost:8000/artikelen/{one}",
                "updated": "2026-11-22",
                "evidence": "officieel",
                "age": "",
            }
            for one in (passages if kind == "answer" else ())
        ],
        "disclaimer": "Ik ben een chatbot, geen arts.",
        "suggestions": [],
    }
    said: dict[str, tuple[dict[str, Any], ...]] = {"nothing": (), "small_talk": ({"text": "Graag gedaan."},)}
    guesses = ranking or ((intent, confidence), ("ask_treatment", (1 - confidence) / 2))
    return Message(
        text=text,
        at=at or time.time(),
        channel=channel,
        intent=intent,
        confidence=confidence,
        reply=said.get(kind, ({"custom": payload},)),
        helped=helped,
        understood={"ranking": [list(one) for one in guesses], "entities": list(entities)},
    )


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of what is made while running, and one for models, of this test alone."""
    folder = tmp_path / "var"
    (tmp_path / "models").mkdir()
    monkeypatch.setenv("KALM_VAR", str(folder))
    monkeypatch.setenv("KALM_MODELS", str(tmp_path / "models"))
    settings.cache_clear()
    yield folder
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def shop(database: Database) -> Iterator[Shop]:  # noqa: F811
    """A shop with the team of :data:`TEAM`, on each sort of database in turn."""
    with database.writing() as connection:
        for name, (full_name, role) in TEAM.items():
            connection.execute(
                team_members.insert().values(
                    name=name,
                    full_name=full_name,
                    role=role.value,
                    password_hash=_hash(),
                    must_change=False,
                    created_at=time.time(),
                    failures=0,
                    locked_until=0,
                )
            )
    made = Shop(database, create_web(mounts={PREFIX: create_app(database)}))
    yield made
    for client in made._open:
        client.close()


Keep = Callable[..., str]


@pytest.fixture
def keep_candidate(shop: Shop) -> Keep:
    """Keeps the row of a candidate that Eva began, without its folder, and gives its id."""

    def keep(candidate_id: str = "abcdef012345", state: CandidateState | str = "ready", **more: Any) -> str:
        row = {"at": time.time(), "error": "", "files": [], "release": {}, "earlier": {}}
        with shop.database.writing() as connection:
            eva = members.by_name(connection, "eva")
            assert eva is not None
            mine = {"id": candidate_id, "member_id": eva.id, "state": CandidateState(state).value}
            connection.execute(candidates.insert().values({**row, **mine, **more}))
        return candidate_id

    return keep


@pytest.fixture(autouse=True)
def nothing_in_the_background(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a screen starts in the background does nothing, in a folder of its own."""
    own = load_settings(**{**settings().dict(), "var": tmp_path / "var"})
    monkeypatch.setattr(background, "settings", lambda: own)
    monkeypatch.setattr(background, "KALM", ("true",))


Enter = Callable[[str], Colleague]


@pytest.fixture
def enter(shop: Shop) -> Enter:
    """Gives somebody of the team who is logged in, by name."""
    return shop.colleague
