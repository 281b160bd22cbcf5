"""Whether visitors can be answered, with a Rasa, a store and an action server that do what they are told."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from channels import readiness
from channels.readiness import Missing, Readiness
from kalm import logs
from kalm.sentences import sentences

ANSWER = {"kind": "answer", "passages": [{"id": "a#b"}], "disclaimer": "geen medisch advies"}


class PlayedProcessor:
    """What answers for Rasa's agent."""

    def __init__(self, played: Played) -> None:
        self.tracker_store: object = "the store of visitors"
        self._played = played

    async def handle_message(self, message: UserMessage) -> None:
        assert isinstance(self.tracker_store, InMemoryTrackerStore), "nothing of it may be kept"
        self._played.asked.append(message.text)
        await asyncio.sleep(self._played.takes)
        if isinstance(self._played.says, Exception):
            raise self._played.says
        await message.output_channel.send_custom_json(message.sender_id, self._played.says)


@dataclass
class Played:
    """What all around the readiness does.

    Attributes:
        says: the data of Rasa's reply, or what it raises.
        takes: seconds until then.
        store: what is missing of it, or what it waits for.
        actions: status of the action server; 0 for none, -1 for one that hangs.
        asked: questions so far.
        looks: how often the store was looked at.
    """

    says: Any = field(default_factory=lambda: dict(ANSWER))
    takes: float = 0.0
    store: list[str] | threading.Event = field(default_factory=list)
    actions: int = 200
    asked: list[str] = field(default_factory=list)
    looks: int = 0

    def __post_init__(self) -> None:
        self.processor = PlayedProcessor(self)
        self.agent: Any = SimpleNamespace(
            is_ready=lambda: True, processor=self.processor, domain=Domain.empty()
        )
        self.readiness = Readiness(SimpleNamespace(what_is_missing=self._look))  # type: ignore[arg-type]
        self.readiness._client = httpx.AsyncClient(
            transport=httpx.MockTransport(self._health), timeout=readiness.SERVERS_WITHIN
        )

    def _look(self) -> list[str]:
        self.looks += 1
        if isinstance(self.store, threading.Event):
            self.store.wait(20)
            return []
        return self.store

    def _health(self, request: httpx.Request) -> httpx.Response:
        if self.actions == 0:
            raise httpx.ConnectError("refused")
        if self.actions == -1:
            raise httpx.ReadTimeout("silent")
        return httpx.Response(self.actions)

    def look(self, at_once: int = 1) -> list[Missing | None]:
        """What so many hear who ask at the same moment."""

        async def ask() -> list[Missing | None]:
            return await asyncio.gather(*(self.readiness.what_is_missing(self.agent) for _ in range(at_once)))

        return asyncio.run(ask())


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that expects no timeout gets none on a slow machine; one that does sets a short limit itself."""
    monkeypatch.setattr(readiness, "WITHIN", 60.0)
    monkeypatch.setattr(readiness, "SERVERS_WITHIN", 60.0)


def test_who_answers_a_question_is_ready_and_visitors_keep_their_store() -> None:
    played = Played()
    assert played.look() == [None]
    assert played.asked == [sentences().starters[0]]
    assert played.processor.tracker_store == "the store of visitors"


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"store": ["database"]}, Missing.NO_STORE),
        ({"actions": 0}, Missing.NO_ACTIONS),
        ({"actions": -1}, Missing.NO_ACTIONS),
        ({"actions": 500}, Missing.NO_ACTIONS),
        ({"says": {**ANSWER, "kind": "failure"}}, Missing.NO_ANSWER),
        ({"says": {**ANSWER, "passages": []}}, Missing.NO_ANSWER),
        ({"says": {**ANSWER, "disclaimer": ""}}, Missing.NO_ANSWER),
        ({"says": RuntimeError("broken")}, Missing.NO_ANSWER),
    ],
)
def test_what_is_missing_is_named(change: dict[str, Any], missing: Missing) -> None:
    assert Played(**change).look() == [missing]


def test_an_answer_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "WITHIN", 0.6)
    started = time.monotonic()
    assert Played(takes=30.0).look() == [Missing.SLOW_ANSWER]
    assert time.monotonic() - started < 15.0


@pytest.mark.parametrize("agent", [None, SimpleNamespace(is_ready=lambda: False)])
def test_without_a_model_nothing_is_asked(agent: Any) -> None:
    played = Played()
    played.agent = agent
    assert played.look() == [Missing.NO_MODEL]
    assert played.looks == 0


def test_all_who_ask_at_once_share_one_question() -> None:
    played = Played(takes=0.1)
    assert played.look(at_once=50) == [None] * 50
    assert (len(played.asked), played.looks) == (1, 1)


def test_an_outcome_is_told_for_a_moment_and_then_found_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH", 60.0)
    played = Played()

    async def ask_thrice() -> list[Missing | None]:
        said = [await played.readiness.what_is_missing(played.agent)]
        played.actions = 0
        said.append(await played.readiness.what_is_missing(played.agent))
        monkeypatch.setattr(readiness, "FRESH", 0.2)
        await asyncio.sleep(0.25)
        said.append(await played.readiness.what_is_missing(played.agent))
        return said

    assert asyncio.run(ask_thrice()) == [None, None, Missing.NO_ACTIONS]


def test_who_hangs_up_does_not_end_it_for_others() -> None:
    played = Played(takes=0.5)

    async def ask_and_hang_up() -> Missing | None:
        first = asyncio.ensure_future(played.readiness.what_is_missing(played.agent))
        while not played.asked:
            await asyncio.sleep(0.01)
        second = asyncio.ensure_future(played.readiness.what_is_missing(played.agent))
        await asyncio.sleep(0)
        assert first.cancel(), "it is still being found out"
        return await second

    assert asyncio.run(ask_and_hang_up()) is None
    assert len(played.asked) == 1


def test_a_database_that_hangs_takes_one_thread_however_often_somebody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readiness, "FRESH", 0.0)
    monkeypatch.setattr(readiness, "SERVERS_WITHIN", 0.3)
    hangs = threading.Event()
    played = Played(store=hangs)

    async def ask() -> list[Missing | None]:
        said = [await played.readiness.what_is_missing(played.agent) for _ in range(3)]
        assert played.looks == 1
        played.store = []
        monkeypatch.setattr(readiness, "SERVERS_WITHIN", 60.0)
        hangs.set()
        # The first of these may still wait for the thread that hung.
        return [*said, *[await played.readiness.what_is_missing(played.agent) for _ in range(2)]]

    assert asyncio.run(ask()) == [*[Missing.NO_STORE] * 3, None, None]
    assert played.looks in (2, 3)


def test_the_log_has_a_line_when_it_changes_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH", 0.0)
    written: list[tuple[str, Any]] = []
    note: Callable[..., None] = lambda event, **fields: written.append((event, fields))  # noqa: E731
    monkeypatch.setattr(logs, "note", note)
    monkeypatch.setattr(logs, "alarm", note)
    played = Played()

    async def ask() -> None:
        for played.actions in (200, 0, 0, 200, 200):
            await played.readiness.what_is_missing(played.agent)

    asyncio.run(ask())
    assert written == [
        ("not ready for visitors", {"reason": "no_actions"}),
        ("ready for visitors again", {}),
    ]


def test_sentences_that_cannot_be_read_are_no_stack_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Any:
        raise OSError("gone")

    monkeypatch.setattr(readiness, "sentences", broken)
    assert Played().look() == [Missing.NO_ANSWER]
