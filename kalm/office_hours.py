"""When somebody of the shop can be reached: read from a setting, asked of a moment, told in Dutch.

Holidays are not known here: on Christmas Day a Friday is a Friday. What is told to visitors says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_SHORT = tuple(day[:2] for day in DAYS)
_PART = re.compile(r"([a-z]{2})(?:-([a-z]{2}))?((?: \d{1,2}:\d{2}-\d{1,2}:\d{2})+)")
_HOUR = 60
_DAY = 24 * _HOUR
_EXAMPLE = "write it as 'ma-vr 09:00-17:00, za 10:00-13:00'"

Slot = tuple[int, int]
"""From and until, in minutes since midnight by the clock of the shop; until is at most 1440."""


@dataclass(frozen=True)
class OfficeHours:
    """The hours of a week.

    Attributes:
        days: the slots of each day from Monday on, in order; none for a closed day.
    """

    days: tuple[tuple[Slot, ...], ...]

    def closes_at(self, when: datetime) -> int | None:
        """Until which minute of that day somebody is there; None when nobody is there at that moment.

        Args:
            when: by the clock of the shop.
        """
        minute = when.hour * _HOUR + when.minute
        slots = self.days[when.weekday()]
        return next((until for from_, until in slots if from_ <= minute < until), None)

    def opens_next(self, when: datetime) -> tuple[int, int]:
        """When somebody comes after a moment at which nobody is there.

        Args:
            when: by the clock of the shop.

        Returns:
            In how many days (0 is today, 7 the same day of next week), and at which minute of that day.
        """
        minute = when.hour * _HOUR + when.minute
        for ahead in range(len(DAYS) + 1):
            for from_, _ in self.days[(when.weekday() + ahead) % len(DAYS)]:
                if ahead or from_ > minute:
                    return ahead, from_
        raise AssertionError("there are no hours without a slot")  # parse() refuses them

    def in_words(self) -> str:
        """The week, such as "maandag tot en met vrijdag van 9 tot 17 uur en zaterdag van 10 tot 13 uur"."""
        runs = [
            (slots, [day for day, _ in run])
            for slots, run in groupby(enumerate(self.days), key=lambda one: one[1])
            if slots
        ]
        return _listed([f"{_days_in_words(run)} {_slots_in_words(slots)}" for slots, run in runs])


def parse(text: str) -> OfficeHours | None:
    """Read hours such as ``ma-vr 09:00-17:00, za 10:00-13:00``; a day may have several, with spaces.

    Returns:
        None for an empty text: then nothing is known.

    Raises:
        ValueError: it cannot be read, ends before it begins, or overlaps.
    """
    if not text.strip():
        return None
    days: list[list[Slot]] = [[] for _ in DAYS]
    for part in text.lower().split(","):
        part = " ".join(part.replace("–", "-").split())
        found = _PART.fullmatch(part)
        if found is None:
            raise ValueError(f"{part!r} is no part of office hours; {_EXAMPLE}")
        slots = [_slot(one) for one in found[3].split()]
        for day in _range(found[1], found[2] or found[1]):
            days[day] += slots
    for day, slots in enumerate(days):
        slots.sort()
        if any(until > later for (_, until), (later, _) in pairwise(slots)):
            raise ValueError(f"the hours of {_SHORT[day]!r} overlap")
    return OfficeHours(tuple(map(tuple, days)))


def clock(minute: int) -> str:
    """A minute of the day as people say it: "9 uur", "17.30 uur"."""
    return f"{_time(minute)} uur"


def day_in_words(ahead: int, when: datetime) -> str:
    """The day that many days ahead: "vandaag", "morgen", "maandag", "volgende week maandag"."""
    if ahead < 2:
        return ("vandaag", "morgen")[ahead]
    name = DAYS[(when + timedelta(days=ahead)).weekday()]
    return name if ahead < len(DAYS) else f"volgende week {name}"


def _range(first: str, last: str) -> list[int]:
    for name in (first, last):
        if name not in _SHORT:
            raise ValueError(f"{name!r} is no day; days are {', '.join(_SHORT)}")
    start, end = _SHORT.index(first), _SHORT.index(last)
    return [(start + step) % len(DAYS) for step in range((end - start) % len(DAYS) + 1)]


def _slot(text: str) -> Slot:
    from_, until = (_minute(one) for one in text.split("-"))
    if from_ >= until:
        raise ValueError(f"{text!r} ends before it begins; hours over midnight are written as two days")
    return from_, until


def _minute(text: str) -> int:
    hours, minutes = map(int, text.split(":"))
    if minutes >= _HOUR or (total := hours * _HOUR + minutes) > _DAY:
        raise ValueError(f"{text!r} is no time of the day")
    return total


def _time(minute: int) -> str:
    hours, minutes = divmod(minute, _HOUR)
    return f"{hours}.{minutes:02}" if minutes else str(hours)


def _days_in_words(days: Sequence[int]) -> str:
    if len(days) == len(DAYS):
        return "elke dag"
    names = [DAYS[day] for day in days]
    return f"{names[0]} tot en met {names[-1]}" if len(names) > 2 else _listed(names)


def _slots_in_words(slots: Sequence[Slot]) -> str:
    if list(slots) == [(0, _DAY)]:
        return "de hele dag"
    return f"{_listed([f'van {_time(from_)} tot {_time(until)}' for from_, until in slots])} uur"


def _listed(parts: Sequence[str]) -> str:
    return " en ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
