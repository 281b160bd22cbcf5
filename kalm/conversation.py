"""What Kalm remembers of a conversation between two messages. Rasa keeps it in one slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Conversation:
    """State of one conversation, plain enough for JSON.

    Attributes:
        disclaimed: the long disclaimer has been shown.
        topic: the last question that could be understood by itself.
        question: the question being talked about: the topic with what a follow-up added to it.
        shown: ids of passages given for that question, in order.
        latest: how many of those the last answer gave.
        rejections: how often the visitor said "not this" about that question.
        answers: answers given in all.
        danger: the kind of reply, "emergency" or "crisis", while nothing else was clearly asked since.
        danger_left: how often that reply will still be said again.
    """

    disclaimed: bool = False
    topic: str = ""
    question: str = ""
    shown: tuple[str, ...] = ()
    latest: int = 0
    rejections: int = 0
    answers: int = 0
    danger: str = ""
    danger_left: int = 0

    @classmethod
    def from_slot(cls, value: object) -> Conversation:
        """Read the slot; an empty or damaged one counts as a new conversation."""
        if not isinstance(value, Mapping):
            return cls()
        known = {field.name for field in fields(cls)}
        kept: dict[str, Any] = {name: value[name] for name in known if name in value}
        if isinstance(kept.get("shown"), list):
            kept["shown"] = tuple(map(str, kept["shown"]))
        if any(type(item) is not type(getattr(cls, name)) for name, item in kept.items()):
            return cls()
        return cls(**kept)

    def to_slot(self) -> dict[str, Any]:
        """As JSON-ready data for the slot."""
        return {**asdict(self), "shown": list(self.shown)}
