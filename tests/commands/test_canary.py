"""The questions to a bot that is to take over, with a bot that says what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from commands import canary
from kalm.going_live import Reason
from kalm.sentences import sentences

ANSWER = {"kind": "answer", "passages": [{"id": "a#b"}], "disclaimer": "geen medisch advies", "numbers": {}}
HELP = {
    "kind": "emergency",
    "passages": [],
    "disclaimer": "geen medisch advies",
    "numbers": {"112": "tel:112"},
}


class PlayedAgent:
    """Rasa's agent as far as a canary question goes."""

    def __init__(self, answer: Any, help_: Any) -> None:
        self.domain = Domain.empty()
        self.store = object()
        self.asked: list[tuple[str, str]] = []
        self.processor = PlayedProcessor(
            self.store, self.asked, {sentences().starters[0]: answer, canary.DANGER: help_}
        )


class PlayedProcessor:
    """What answers for Rasa's agent."""

    def __init__(self, store: object, asked: list[tuple[str, str]], says: dict[str, Any]) -> None:
        self.tracker_store = store
        self._asked = asked
        self._says = says

    async def handle_message(self, message: UserMessage) -> None:
        assert isinstance(self.tracker_store, InMemoryTrackerStore), "nothing of it may be kept"
        self._asked.append((message.sender_id, message.text))
        says = self._says[message.text]
        if isinstance(says, Exception):
            raise says
        if says is not None:
            await message.output_channel.send_text_message(message.sender_id, "tekst")
            await message.output_channel.send_custom_json(message.sender_id, says)


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """Whether the action server and the store answer."""
    answers = {"actions": True, "store": True}

    def actions(request: httpx.Request) -> httpx.Response:
        if not answers["actions"]:
            raise httpx.ConnectError("refused")
        return httpx.Response(200)

    client = httpx.AsyncClient
    monkeypatch.setattr(
        httpx, "AsyncClient", lambda **options: client(transport=httpx.MockTransport(actions))
    )
    monkeypatch.setattr(canary, "_store_answers", lambda: answers["store"])
    monkeypatch.setattr(canary, "_ACTIONS_WITHIN", 0.3)
    return answers


def test_a_bot_that_answers_and_helps_may_take_over(around: dict[str, bool]) -> None:
    agent = PlayedAgent(ANSWER, HELP)
    assert asyncio.run(canary.what_fails(agent)) is None
    assert [text for _, text in agent.asked] == [sentences().starters[0], canary.DANGER]
    assert len({sender for sender, _ in agent.asked}) == 2, "each its own conversation"
    assert agent.processor.tracker_store is agent.store


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        RuntimeError("broken"),
        {**ANSWER, "kind": "no_answer"},
        {**ANSWER, "kind": "failure"},
        {**ANSWER, "passages": []},
        {**ANSWER, "disclaimer": ""},
        {"kind": "answer"},
    ],
)
def test_without_a_passage_and_the_disclaimer_it_may_not(around: dict[str, bool], answer: Any) -> None:
    agent = PlayedAgent(answer, HELP)
    assert asyncio.run(canary.what_fails(agent)) is Reason.NO_ANSWER
    assert agent.processor.tracker_store is agent.store


@pytest.mark.parametrize(
    "help_", [None, RuntimeError("broken"), ANSWER, {**HELP, "kind": "crisis"}, {**HELP, "numbers": {}}]
)
def test_without_the_numbers_of_help_it_may_not(around: dict[str, bool], help_: Any) -> None:
    assert asyncio.run(canary.what_fails(PlayedAgent(ANSWER, help_))) is Reason.NO_HELP


@pytest.mark.parametrize(("what", "reason"), [("actions", Reason.NO_ACTIONS), ("store", Reason.NO_STORE)])
def test_without_action_server_or_database_nothing_is_asked(
    around: dict[str, bool], what: str, reason: Reason
) -> None:
    around[what] = False
    agent = PlayedAgent(ANSWER, HELP)
    assert asyncio.run(canary.what_fails(agent)) is reason
    assert agent.asked == []


def test_the_message_of_danger_is_danger_by_the_rules_too() -> None:
    from kalm.safety import danger_in

    found: Callable[[str], Any] = danger_in
    assert found(canary.DANGER) is not None
