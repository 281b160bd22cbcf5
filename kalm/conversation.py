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
        rejections: how often the visitor said "not this" about that question.
        answers: answers given in all.
    """

    disclaimed: bool = False
    topic: str = ""
    question: str = ""
    shown: tuple[str, ...] = ()
    rejections: int = 0
    answers: int = 0

    @classmethod
    def from_slot(cls, value: object) -> Conversation:
        """Read the slot; an empty or damaged one counts as a new conversation."""
        if not isinstance(value, Mapping):
            return cls()
        try:
            known = {field.name for field in fields(cls)}
            kept: dict[str, Any] = {name: value[name] for name in known if name in value}
            kept["shown"] = tuple(map(str, kept.get("shown", ())))
            return cls(**kept)
        except TypeError:
            return cls()

    def to_slot(self) -> dict[str, Any]:
        """As JSON-ready data for the slot."""
        return {**asdict(self), "shown": list(self.shown)}
