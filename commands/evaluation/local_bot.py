"""The trained bot in this process: Rasa's own pipeline, the rules, the real actions; no servers."""

from __future__ import annotations

import asyncio
import importlib
import logging
import time
from dataclasses import dataclass, field
from typing import Any, cast

import structlog
import yaml
from rasa.core.agent import Agent
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from kalm import release
from kalm.settings import ROOT

_ACTION_MODULES = ("knowledge", "safety", "talk")


@dataclass(frozen=True)
class Understood:
    """What the pipeline made of a message.

    Attributes:
        intent: the winner, which may be "nlu_fallback".
        ranking: probability per intent, fallback left out.
        message: the parse as Rasa keeps it.
    """

    intent: str
    ranking: dict[str, float]
    message: dict[str, Any]


@dataclass
class Session:
    """The slots of one conversation, and what the bot said."""

    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)


class LocalBot:
    """Understands messages and answers them."""

    def __init__(self) -> None:
        # Rasa's server does this at its start; without it every text is printed.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        self._agent = Agent.load(str(release.current().model))
        self._loop = asyncio.new_event_loop()
        self._rules = _read_rules()
        self._actions = _find_actions()

    def understand(self, text: str) -> Understood:
        """Parse a text with the trained pipeline."""
        message = self._loop.run_until_complete(self._agent.parse_message(text))
        ranking = {
            guess["name"]: guess["confidence"]
            for guess in message["intent_ranking"]
            if guess["name"] != "nlu_fallback"
        }
        return Understood(message["intent"]["name"], ranking, message)

    def reply(self, text: str, session: Session) -> dict[str, Any] | None:
        """The payload of the reply, or None for small talk; the session is updated."""
        return self.say(self.understand(text), session).get("custom") or None

    def say(self, understood: Understood, session: Session) -> dict[str, Any]:
        """The reply as an action gives it to Rasa, empty for none; the session is updated."""
        text = understood.message["text"]
        session.events.append({"event": "user", "text": text, "timestamp": time.time()})
        action = self._actions.get(self._rules[understood.intent])
        if action is None:
            session.events.append({"event": "bot", "data": {}})
            return {}
        tracker = Tracker(
            "evaluation",
            dict(session.slots),
            understood.message,
            session.events,
            False,
            None,
            {},
            "action_listen",
        )
        dispatcher = CollectingDispatcher()
        events = self._loop.run_until_complete(action.run(dispatcher, tracker, cast(DomainDict, {})))
        session.slots.update({event["name"]: event["value"] for event in events if event["event"] == "slot"})
        session.events.extend(
            {"event": "bot", "data": {"custom": message.get("custom")}} for message in dispatcher.messages
        )
        if session.slots.pop("erasure", None):
            session.slots.clear()
            session.events.clear()
        said: dict[str, Any] = dispatcher.messages[-1]
        return said


def _read_rules() -> dict[str, str]:
    rules: dict[str, str] = {}
    for path in sorted((ROOT / "data" / "rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            intent, action = rule["steps"]
            rules[intent["intent"]] = action["action"]
    return rules


def _find_actions() -> dict[str, Action]:
    actions = {}
    for name in _ACTION_MODULES:
        module = importlib.import_module(f"actions.{name}")
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Action) and value.__module__ == module.__name__:
                actions[value().name()] = value()
    return actions
