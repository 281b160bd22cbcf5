"""What Kalm remembers of a conversation between two messages. Rasa keeps it in one slot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

FORGOTTEN_AFTER = 60 * 60
"""Seconds of silence after which a conversation is over; Rasa's own sessions are off in ``domain/``."""

ONE_STORY = 300
"""Seconds within which two messages may be pieces of one: people type "ik heb pijn", "op mijn borst"."""

DANGER_LASTS = 24 * 60 * 60
"""Seconds for which nothing is said about magnesium or products after a danger that was not settled."""

_LISTS = ("shown", "conditions", "dangers")


@dataclass(frozen=True)
class Conversation:
    """State of one conversation, plain enough for JSON.

    Attributes:
        disclaimed: the long disclaimer has been shown.
        topic: the last question that could be understood by itself.
        question: the question being talked about: the topic with what a follow-up added to it.
        shown: ids of passages given for that question, in order.
        latest: how many of those the last answer gave.
        referred: the last reply about health was a referral, so that "en 300?" is a personal decision too.
        rejections: how often the visitor said "not this" about that question.
        answers: answers given in all.
        dangers: names of the signs in ``data/safety/danger.yml`` that were told, or "emergency" or "crisis"
            where only the classifier saw it, in order, for a day (:mod:`kalm.dangers`).
        danger_at: when the last was told, in seconds since 1970.
        danger_open: nothing else was clearly asked since, so that whatever is said is about the danger.
        danger_told: how often Kalm came back to it since.
        danger_over: the visitor said that they are over; they are remembered for when one comes back.
        conditions: names of what the visitor told, as in ``data/safety/conditions.yml``.
        introduced: Kalm has said that it is a chatbot.
        at: when the visitor's present message came, in seconds since 1970.
    """

    disclaimed: bool = False
    topic: str = ""
    question: str = ""
    shown: tuple[str, ...] = ()
    latest: int = 0
    referred: bool = False
    rejections: int = 0
    answers: int = 0
    dangers: tuple[str, ...] = ()
    danger_at: int = 0
    danger_open: bool = False
    danger_told: int = 0
    danger_over: bool = False
    conditions: tuple[str, ...] = ()
    introduced: bool = False
    at: int = 0

    @classmethod
    def from_slot(cls, value: object, now: int = 0) -> Conversation:
        """Read the slot at the time of a message; an empty or damaged one counts as a new conversation.

        After :data:`FORGOTTEN_AFTER` a new conversation begins; of the old one only a danger remains, for
        :data:`DANGER_LASTS`.

        Args:
            value: of the slot.
            now: seconds since 1970.
        """
        return cls._read(value)._go_on(now)

    def _go_on(self, now: int) -> Conversation:
        lasts = bool(self.dangers) and now - self.danger_at < DANGER_LASTS
        if now - self.at >= FORGOTTEN_AFTER:
            kept = replace(self.only_danger(), danger_open=False)
            return replace(kept, at=now) if lasts else Conversation(at=now)
        return replace(self if lasts else self.without_danger(), at=now)

    def told(self, names: Iterable[str], over: Iterable[str] = ()) -> Conversation:
        """The conversation after a message that tells some conditions and takes others back.

        Args:
            names: of conditions that are so.
            over: names of those that are not, or no longer.
        """
        over = set(over)
        known = [name for name in (*self.conditions, *names) if name not in over]
        return replace(self, conditions=tuple(dict.fromkeys(known)))

    def only_danger(self) -> Conversation:
        """A new conversation that still knows of the danger in this one."""
        return Conversation(
            dangers=self.dangers,
            danger_at=self.danger_at,
            danger_open=self.danger_open,
            danger_told=self.danger_told,
            danger_over=self.danger_over,
            at=self.at,
        )

    def settled(self) -> Conversation:
        """The conversation after a danger of which the visitor says that it is over."""
        return replace(self, danger_over=True, danger_open=False, danger_told=0)

    def back_in_danger(self) -> Conversation:
        """The conversation after a danger that was over and is back."""
        return replace(self, danger_over=False, danger_open=True, danger_told=0, danger_at=self.at)

    def without_danger(self) -> Conversation:
        """The conversation as if there had been no danger."""
        return replace(
            self,
            dangers=(),
            danger_at=0,
            danger_open=False,
            danger_told=0,
            danger_over=False,
        )

    @property
    def is_in_danger(self) -> bool:
        """Whether a danger was spoken of that the visitor has not said to be over."""
        return bool(self.dangers) and not self.danger_over

    @classmethod
    def _read(cls, value: object) -> Conversation:
        if not isinstance(value, Mapping):
            return cls()
        known = {field.name for field in fields(cls)}
        kept: dict[str, Any] = {name: value[name] for name in known if name in value}
        for name in _LISTS:
            if isinstance(kept.get(name), list):
                kept[name] = tuple(map(str, kept[name]))
        if any(type(item) is not type(getattr(cls, name)) for name, item in kept.items()):
            return cls()
        return cls(**kept)

    def to_slot(self) -> dict[str, Any]:
        """As JSON-ready data for the slot."""
        return {**asdict(self), **{name: list(getattr(self, name)) for name in _LISTS}}
