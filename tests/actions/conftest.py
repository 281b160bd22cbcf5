"""A tracker as the action server gets it, and every action with the small index."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import answering
from kalm import release
from kalm.search import SearchIndex

Run = Callable[..., tuple[list[dict[str, Any]], list[dict[str, Any]]]]


@pytest.fixture(autouse=True, scope="module")
def small_index(index: SearchIndex) -> Iterator[None]:
    """Let the actions answer from the small index in place of the current release."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(release, "load_index", lambda: index)
        answering.cache_clear()
        yield
    answering.cache_clear()


def tracker_of(text: object, slot: object, ranking: object, events: list[dict[str, Any]]) -> Tracker:
    message = {"text": text, "intent_ranking": ranking}
    return Tracker("sender", {"conversation": slot}, message, events, False, None, {}, "action_listen")


@pytest.fixture(scope="session")
def run() -> Run:
    """Run an action after the messages ``said``; gives the messages it dispatched and the events.

    ``typed`` is what the visitor said before those, just now.
    """

    def run(
        action: Action,
        text: object = "",
        slot: object = None,
        ranking: object = (),
        said: Sequence[dict[str, Any]] = (),
        *,
        intent: str = "",
        typed: str = "",
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        dispatcher = CollectingDispatcher()
        now = [{"event": "user", "text": words, "timestamp": time.time()} for words in (typed, text)]
        replies = [
            {"event": "bot", "text": message.get("text"), "data": {"custom": message.get("custom") or None}}
            for message in said
        ]
        history = [now[0], *replies, now[1]] if typed else replies
        tracker = tracker_of(text, slot, ranking, history)
        if intent:
            tracker.latest_message["intent"] = {"name": intent}
        events = asyncio.run(action.run(dispatcher, tracker, {}))
        return dispatcher.messages, events

    return run
