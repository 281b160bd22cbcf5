"""What somebody wants to see of the inbox; all of it is in the address, so that it can be shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from kalm.language import normalise
from review.clock import midnight
from review.inbox.items import at_within_group, state_within_group
from review.states import ItemState
from storage.schema import review_items

NEWEST, INSTRUCTIVE = "nieuw", "leerzaam"
ORDERS = {NEWEST: "nieuwste eerst", INSTRUCTIVE: "leerzaamste eerst"}

CERTAINTY = {
    "laag": ("onder 60%", 0.0, 0.6),
    "midden": ("60 tot 80%", 0.6, 0.8),
    "hoog": ("80% of meer", 0.8, 2.0),
}
"""Bands of confidence: what they are called, from where, and up to where."""

TO_DO, ALL = "", "alles"
_UNFINISHED = (ItemState.NEW.value, ItemState.SENT_BACK.value)

_MOST_WORDS = 8
_LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Filters:
    """What is wanted; each is "" where it does not matter. The names are those in the address.

    Attributes:
        bedoeling: an intent.
        zekerheid: one of :data:`CERTAINTY`.
        kanaal: name of a channel.
        antwoord: kind of the reply.
        stand: one of :class:`ItemState`, :data:`ALL`, or :data:`TO_DO` for what is not finished.
        van: first day, as an ISO date.
        tot: last day.
        zoek: words that must be in it.
        volgorde: one of :data:`ORDERS`.
    """

    bedoeling: str = ""
    zekerheid: str = ""
    kanaal: str = ""
    antwoord: str = ""
    stand: str = TO_DO
    van: str = ""
    tot: str = ""
    zoek: str = ""
    volgorde: str = NEWEST

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """From what stands in the address; what means nothing counts for nothing."""
        said = {field.name: query.get(field.name, "").strip()[:_LONGEST_SEARCH] for field in fields(cls)}
        found = cls(**said)
        known_states = (ALL, *(state.value for state in ItemState))
        return replace(
            found,
            zekerheid=found.zekerheid if found.zekerheid in CERTAINTY else "",
            stand=found.stand if found.stand in known_states else TO_DO,
            van=found.van if _day(found.van) else "",
            tot=found.tot if _day(found.tot) else "",
            volgorde=found.volgorde if found.volgorde in ORDERS else NEWEST,
        )

    @classmethod
    def read(cls, query: str) -> Filters:
        """From what :meth:`query` gave, as a form keeps it."""
        # PostgreSQL keeps, and compares, no NUL; here it could still be hidden as %00.
        return cls.of({name: value.replace("\0", "") for name, value in parse_qsl(query)})

    @property
    def is_narrow(self) -> bool:
        """Whether some messages that are to be done are left out."""
        return replace(self, volgorde=NEWEST) != Filters()

    def query(self, **more: str) -> str:
        """The part of an address behind the question mark; "" for nothing."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        default = {field.name: field.default for field in fields(self)}
        wanted = {name: value for name, value in said.items() if value != default[name]}
        return urlencode({**wanted, **{name: value for name, value in more.items() if value}})

    @property
    def behind(self) -> str:
        """The same with its question mark, to put behind a path."""
        query = self.query()
        return f"?{query}" if query else ""

    def conditions(self, within_group: bool = False) -> Iterator[Any]:
        """The same for ``review_items``.

        Args:
            within_group: for the messages of one group.
        """
        items = review_items.c
        at, state = (at_within_group, state_within_group) if within_group else (items.at, items.state)
        if self.stand == TO_DO:
            yield state.in_(_UNFINISHED)
        elif self.stand != ALL:
            yield state == self.stand
        for column, value in (
            (items.intent, self.bedoeling),
            (items.channel, self.kanaal),
            (items.kind, self.antwoord),
        ):
            if value:
                yield column == value
        if self.zekerheid:
            _, lowest, below = CERTAINTY[self.zekerheid]
            yield items.confidence >= lowest
            yield items.confidence < below
        if first := _day(self.van):
            yield at >= midnight(first)
        if last := _day(self.tot):
            yield at < midnight(last + timedelta(days=1))
        for word in normalise(self.zoek).split()[:_MOST_WORDS]:
            yield items.words.contains(word, autoescape=True)


def _day(iso: str) -> date | None:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None
